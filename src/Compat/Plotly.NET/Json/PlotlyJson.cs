using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.FSharp.Core;

namespace Plotly.NET.Json;

/// <summary>JSON as plotly.js wants it: properties set by name, arrays of any rank, numbers that read back to the same bits, null for
/// NaN and infinities (JSON has neither). The less-than sign is escaped, so that no text in it can end a script element.</summary>
internal static class PlotlyJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 64 };

    public static string Object(params (string Name, object Value)[] members) => Text(writer =>
    {
        writer.WriteStartObject();
        foreach ((string name, object value) in members)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }
        writer.WriteEndObject();
    });

    public static string Value(object value) => Text(writer => Write(writer, value));

    private static string Text(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Options)) write(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length).Replace("<", "\\u003C", StringComparison.Ordinal);
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case char letter: writer.WriteStringValue(letter.ToString()); break;
            case bool truth: writer.WriteBooleanValue(truth); break;
            case double number: WriteNumber(writer, number); break;
            case float number: WriteNumber(writer, number); break;
            case Half number: WriteNumber(writer, (float)number); break;
            case decimal number: writer.WriteNumberValue(number); break;
            case ulong number: writer.WriteNumberValue(number); break;
            case sbyte or byte or short or ushort or int or uint or long:
                writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case Enum name: writer.WriteStringValue(name.ToString()); break;
            case DateTime time: writer.WriteStringValue(time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture)); break;
            case DateTimeOffset time: writer.WriteStringValue(time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture)); break;
            case DateOnly day: writer.WriteStringValue(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); break;
            case DynamicObj.DynamicObj properties: WriteProperties(writer, properties.GetProperties(true)); break;
            case IDictionary dictionary: WriteDictionary(writer, dictionary); break;
            case Array { Rank: > 1 } array: WriteArray(writer, array, []); break;
            case double[] numbers: WriteNumbers(writer, numbers); break;
            case float[] numbers: WriteNumbers(writer, numbers); break;
            case IEnumerable items: WriteItems(writer, items); break;
            default: WriteOther(writer, value); break;
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, double number)
    {
        if (double.IsFinite(number)) writer.WriteNumberValue(number);
        else writer.WriteNullValue();
    }

    // The shortest text of a float is shorter than that of the same value as a double.
    private static void WriteNumber(Utf8JsonWriter writer, float number)
    {
        if (float.IsFinite(number)) writer.WriteNumberValue(number);
        else writer.WriteNullValue();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, double[] numbers)
    {
        writer.WriteStartArray();
        foreach (double number in numbers) WriteNumber(writer, number);
        writer.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, float[] numbers)
    {
        writer.WriteStartArray();
        foreach (float number in numbers) WriteNumber(writer, number);
        writer.WriteEndArray();
    }

    private static void WriteItems(Utf8JsonWriter writer, IEnumerable items)
    {
        writer.WriteStartArray();
        foreach (object? item in items) Write(writer, item);
        writer.WriteEndArray();
    }

    // An array of rank n is n arrays deep, the first index outermost.
    private static void WriteArray(Utf8JsonWriter writer, Array array, int[] outer)
    {
        writer.WriteStartArray();
        int dimension = outer.Length;
        for (int i = array.GetLowerBound(dimension); i <= array.GetUpperBound(dimension); i++)
        {
            int[] index = [.. outer, i];
            if (index.Length == array.Rank) Write(writer, array.GetValue(index));
            else WriteArray(writer, array, index);
        }
        writer.WriteEndArray();
    }

    private static void WriteProperties(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, object?>> properties)
    {
        writer.WriteStartObject();
        foreach ((string name, object? value) in properties)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }
        writer.WriteEndObject();
    }

    private static void WriteDictionary(Utf8JsonWriter writer, IDictionary dictionary)
    {
        writer.WriteStartObject();
        foreach (DictionaryEntry entry in dictionary)
        {
            writer.WritePropertyName(Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "");
            Write(writer, entry.Value);
        }
        writer.WriteEndObject();
    }

    // Options are unwrapped; any other object (an anonymous type, say) is written by its public properties.
    private static void WriteOther(Utf8JsonWriter writer, object value)
    {
        Type type = value.GetType();
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(FSharpOption<>)) Write(writer, type.GetProperty("Value")!.GetValue(value));
        else WriteProperties(writer, type.GetProperties().Select(property => KeyValuePair.Create(property.Name, property.GetValue(value))));
    }
}
