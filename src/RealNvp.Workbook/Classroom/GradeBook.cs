using System.Globalization;
using Microsoft.Data.Sqlite;

namespace RealNvp.Workbook.Classroom;

/// <summary>A student's newest grades for an assignment, as the grade book has them.</summary>
/// <param name="Student">Whose.</param>
/// <param name="Graded">When, UTC.</param>
/// <param name="Attempts">How often this student's work was graded.</param>
/// <param name="Stopped">Why the submission did not run to its end, or null.</param>
/// <param name="Notes">What was restored, and which cells failed.</param>
/// <param name="Questions">One for each question.</param>
internal sealed record Grades(string Student, DateTime Graded, int Attempts, string? Stopped, IReadOnlyList<string> Notes,
    IReadOnlyList<QuestionGrade> Questions)
{
    internal double Points => Questions.Sum(q => q.Points ?? 0);

    internal double Most => Questions.Sum(q => q.Most);
}

/// <summary>What a question brought; a teacher's points take the place of the tests'.</summary>
internal sealed record QuestionGrade(string Question, double? Points, double Most, string? Message, string? Comment);

/// <summary>
/// The grades of a course in a SQLite file. Nothing is overwritten: a regraded submission is a new attempt, a teacher's points
/// are a new row, and the newest counts. Every write is one transaction that waits its turn, so that two graders at once lose
/// nothing.
/// </summary>
internal sealed class GradeBook
{
    private const int Version = 1;
    private const string Schema = """
        CREATE TABLE submissions (
          id INTEGER PRIMARY KEY, assignment TEXT NOT NULL, student TEXT NOT NULL, sha256 TEXT NOT NULL, collected TEXT NOT NULL,
          UNIQUE (assignment, student, sha256));
        CREATE TABLE attempts (
          id INTEGER PRIMARY KEY, submission INTEGER NOT NULL REFERENCES submissions (id), graded TEXT NOT NULL, seconds REAL NOT NULL, stopped TEXT, notes TEXT NOT NULL);
        CREATE TABLE scores (
          attempt INTEGER NOT NULL REFERENCES attempts (id), position INTEGER NOT NULL, question TEXT NOT NULL, points REAL, most REAL NOT NULL, message TEXT,
          PRIMARY KEY (attempt, question));
        CREATE TABLE manual (
          id INTEGER PRIMARY KEY, assignment TEXT NOT NULL, student TEXT NOT NULL, question TEXT NOT NULL, points REAL NOT NULL, comment TEXT, given TEXT NOT NULL);
        CREATE INDEX attempts_of ON attempts (submission);
        CREATE INDEX manual_of ON manual (assignment, student, question);
        """;

    private readonly string _path;

    private GradeBook(string path) => _path = path;

    /// <summary>Opens the file, and makes it where there is none.</summary>
    /// <exception cref="UserException">It is no grade book, or one of a newer version.</exception>
    internal static GradeBook Open(string path)
    {
        var book = new GradeBook(Path.GetFullPath(path));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(book._path)!);
            using var connection = book.Connect();
            using (var wal = connection.CreateCommand())
            {
                wal.CommandText = "PRAGMA journal_mode = WAL";
                wal.ExecuteNonQuery();
            }
            using var transaction = connection.BeginTransaction(deferred: false);
            var version = Convert.ToInt32(Scalar(connection, transaction, "PRAGMA user_version"), CultureInfo.InvariantCulture);
            if (version == 0)
            {
                Run(connection, transaction, Schema);
                Run(connection, transaction, $"PRAGMA user_version = {Version}");
            }
            else if (version != Version)
            {
                throw new UserException($"{path}: expected a grade book of version {Version}, this one has version {version}; "
                    + "it was made by a newer workbook");
            }
            transaction.Commit();
            // Only its owner reads the grades.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(book._path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return book;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: expected a grade book (SQLite), it can't be opened as one: {e.Message}", e);
        }
    }

    /// <summary>Notes that a student has handed something in; the same again is not a second submission.</summary>
    /// <returns>Whether it is new.</returns>
    internal bool Collect(string assignment, string student, string hash)
    {
        using var connection = Connect();
        return Run(connection, null, "INSERT INTO submissions (assignment, student, sha256, collected) VALUES ($a, $s, $h, $t) "
            + "ON CONFLICT DO NOTHING",
            ("$a", assignment), ("$s", student), ("$h", hash), ("$t", Now())) > 0;
    }

    internal void Add(string assignment, GradingResult attempt)
    {
        using var connection = Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        Run(connection, transaction, "INSERT INTO submissions (assignment, student, sha256, collected) VALUES ($a, $s, $h, $t) "
            + "ON CONFLICT DO NOTHING",
            ("$a", assignment), ("$s", attempt.Student), ("$h", attempt.Hash), ("$t", Now()));
        var submission = Scalar(connection, transaction,
            "SELECT id FROM submissions WHERE assignment = $a AND student = $s AND sha256 = $h",
            ("$a", assignment), ("$s", attempt.Student), ("$h", attempt.Hash));
        var id = Scalar(connection, transaction,
            "INSERT INTO attempts (submission, graded, seconds, stopped, notes) VALUES ($s, $t, $n, $r, $o) RETURNING id",
            ("$s", submission), ("$t", Now()), ("$n", attempt.Seconds), ("$r", attempt.Stopped),
            ("$o", string.Join('\n', attempt.Notes.Select(OneLine))));
        foreach (var (position, score) in attempt.Scores.Index())
            Run(connection, transaction, "INSERT INTO scores (attempt, position, question, points, most, message) VALUES ($i, "
                + "$p, $q, $n, $m, $t)",
                ("$i", id), ("$p", position), ("$q", score.Question), ("$n", score.Points), ("$m", score.Most),
                ("$t", score.Message));
        transaction.Commit();
    }

    /// <summary>A teacher's points for a question; they count in place of the tests', for this and every later attempt.</summary>
    /// <exception cref="UserException">The student has no such question, or it does not bring as much.</exception>
    internal void Give(string assignment, string student, string question, double points, string? comment)
    {
        var grades = Newest(assignment).FirstOrDefault(g => g.Student == student)
            ?? throw new UserException($"{student} has no graded submission of {assignment}");
        var known = grades.Questions.FirstOrDefault(q => q.Question == question)
            ?? throw new UserException($"{assignment} has no question {question}; it has "
                + $"{string.Join(", ", grades.Questions.Select(q => q.Question))}");
        if (!(points >= 0 && points <= known.Most))
            throw new UserException($"{question} brings 0 to {known.Most} points, got "
                + $"{points.ToString(CultureInfo.InvariantCulture)}");
        using var connection = Connect();
        Run(connection, null, "INSERT INTO manual (assignment, student, question, points, comment, given) VALUES ($a, $s, $q, "
            + "$p, $c, $t)",
            ("$a", assignment), ("$s", student), ("$q", question), ("$p", points), ("$c", comment), ("$t", Now()));
    }

    internal IReadOnlyList<string> Assignments()
    {
        using var connection = Connect();
        return [.. Rows(connection, "SELECT DISTINCT assignment FROM submissions ORDER BY assignment", r => r.GetString(0))];
    }

    /// <summary>Each student's newest attempt, in the order of the names.</summary>
    internal IReadOnlyList<Grades> Newest(string assignment)
    {
        using var connection = Connect();
        var attempts = Rows(connection, """
            SELECT s.student, max(a.id), count(*) FROM attempts a JOIN submissions s ON s.id = a.submission WHERE s.assignment = $a GROUP BY s.student ORDER BY s.student
            """, r => (Student: r.GetString(0), Attempt: r.GetInt64(1), Count: r.GetInt32(2)), ("$a", assignment)).ToList();
        var manual = Rows(connection, "SELECT student, question, points, comment FROM manual WHERE assignment = $a ORDER BY id",
            r => (Key: (r.GetString(0), r.GetString(1)), Points: r.GetDouble(2), Comment: Text(r, 3)), ("$a", assignment))
                .ToLookup(m => m.Key);
        List<Grades> all = [];
        foreach (var (student, attempt, count) in attempts)
        {
            var (graded, stopped, notes) = Rows(connection, "SELECT graded, stopped, notes FROM attempts WHERE id = $i",
                r => (r.GetString(0), Text(r, 1), r.GetString(2)), ("$i", attempt)).Single();
            var questions = Rows(connection,
                "SELECT question, points, most, message FROM scores WHERE attempt = $i ORDER BY position",
                r => new QuestionGrade(r.GetString(0), r.IsDBNull(1) ? null : r.GetDouble(1), r.GetDouble(2), Text(r, 3), null),
                ("$i", attempt)).ToList();
            for (var i = 0; i < questions.Count; i++)
                if (manual[(student, questions[i].Question)]
                    .LastOrDefault() is { Comment: var comment, Points: var points, Key.Item1: not null })
                    questions[i] = questions[i] with { Points = points, Comment = comment };
            all.Add(new Grades(student, DateTime.Parse(graded, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
                count, stopped,
                notes.Split('\n', StringSplitOptions.RemoveEmptyEntries), questions));
        }
        return all;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = _path,
                Pooling = false,
                DefaultTimeout = 60,
                ForeignKeys = true
            }.ToString());
        connection.Open();
        return connection;
    }

    private static int Run(SqliteConnection connection, SqliteTransaction? transaction, string text,
        params (string Name, object? Value)[] values)
    {
        using var command = Command(connection, transaction, text, values);
        return command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, SqliteTransaction? transaction, string text,
        params (string Name, object? Value)[] values)
    {
        using var command = Command(connection, transaction, text, values);
        return command.ExecuteScalar();
    }

    private static List<T> Rows<T>(SqliteConnection connection, string text, Func<SqliteDataReader, T> read,
        params (string Name, object? Value)[] values)
    {
        using var command = Command(connection, null, text, values);
        using var reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction? transaction, string text,
        (string Name, object? Value)[] values)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (text, transaction);
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Now() => DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture);
}
