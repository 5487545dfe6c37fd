using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

/// <summary>A dictionary that lists its entries in the order in which they were added.</summary>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IList<(TKey, TValue)> where TKey : notnull
{
    private readonly List<(TKey Key, TValue Value)> _list = [];
    private readonly Dictionary<TKey, TValue> _dict = [];

    public int Count => _list.Count;
    public bool IsReadOnly => false;
    public ICollection<TKey> Keys => _list.ConvertAll(entry => entry.Key);
    public ICollection<TValue> Values => _list.ConvertAll(entry => entry.Value);
    public IEnumerable<TKey> keys() => Keys;
    public IEnumerable<TValue> values() => Values;
    public IEnumerator<(TKey, TValue)> items() => GetEnumerator();

    public (TKey, TValue) this[int index]
    {
        get => _list[index];
        set
        {
            var old = _list[index].Key;
            if (!old.Equals(value.Item1) && _dict.ContainsKey(value.Item1)) throw Duplicate(value.Item1);
            _dict.Remove(old);
            _dict[value.Item1] = value.Item2;
            _list[index] = value;
        }
    }

    public TValue this[TKey key]
    {
        get => _dict[key];
        set
        {
            if (_dict.TryAdd(key, value))
            {
                _list.Add((key, value));
                return;
            }
            _dict[key] = value;
            _list[Find(key)] = (key, value);
        }
    }

    private int Find(TKey key) => _list.FindIndex(entry => entry.Key.Equals(key));

    private static ArgumentException Duplicate(TKey key) => new($"expected a new key, got '{key}', which is there already");

    public void Add(TKey key, TValue value) => Insert(_list.Count, (key, value));
    public void Add((TKey, TValue) item) => Insert(_list.Count, item);
    public void Add(KeyValuePair<TKey, TValue> item) => Insert(_list.Count, (item.Key, item.Value));

    public void Insert(int index, (TKey, TValue) item)
    {
        if (!_dict.TryAdd(item.Item1, item.Item2)) throw Duplicate(item.Item1);
        _list.Insert(index, item);
    }

    public bool Remove(TKey key)
    {
        if (!_dict.Remove(key)) return false;
        _list.RemoveAt(Find(key));
        return true;
    }

    public bool Remove((TKey, TValue) item) => Contains(item) && Remove(item.Item1);
    public bool Remove(KeyValuePair<TKey, TValue> item) => Contains(item) && Remove(item.Key);

    public void RemoveAt(int index)
    {
        _dict.Remove(_list[index].Key);
        _list.RemoveAt(index);
    }

    public void Clear()
    {
        _list.Clear();
        _dict.Clear();
    }

    public void clear() => Clear();

    public bool ContainsKey(TKey key) => _dict.ContainsKey(key);
    public bool Contains((TKey, TValue) item) => IndexOf(item) >= 0;
    public bool Contains(KeyValuePair<TKey, TValue> item) => IndexOf((item.Key, item.Value)) >= 0;
    public int IndexOf((TKey, TValue) item) => _list.IndexOf(item);
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _dict.TryGetValue(key, out value);
    public void CopyTo((TKey, TValue)[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        foreach (var (key, value) in _list) array[arrayIndex++] = new(key, value);
    }

    /// <summary>The entries as they are now: a loop over it may change the dictionary.</summary>
    internal (TKey Key, TValue Value)[] Snapshot() => [.. _list];

    public IEnumerator<(TKey, TValue)> GetEnumerator() => _list.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator()
    {
        foreach (var (key, value) in _list) yield return new(key, value);
    }
}
