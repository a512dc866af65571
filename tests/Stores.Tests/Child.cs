using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace NumberLedger.Stores.Tests;

/// <summary>What this program does when a test starts it as another process.</summary>
internal static class Child
{
    public const int Refused = 3;

    public static async Task<int> RunAsync(string[] args) => args switch
    {
        ["append", var folder, var count] => await AppendAsync(folder, int.Parse(count)),
        ["save", var folder, var count] => await SaveAsync(folder, int.Parse(count)),
        ["append-azure", var store, var tag, var count] =>
            await AppendAsync(store, Some.Tag(int.Parse(tag)), int.Parse(count)),
        ["hold", var folder] => await HoldAsync(folder),
        ["peek", var database] => Peek(database),
        _ => throw new UnreachableException($"No such child: {string.Join(' ', args)}"),
    };

    /// <param name="under">A program to run it under, with its arguments: strace.</param>
    public static Process Start(string[] args, params string[] under)
    {
        string program = Path.Combine(AppContext.BaseDirectory, typeof(Child).Assembly.GetName().Name!);
        string[] command = [.. under, program, "child", .. args];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    // One after the other, each acknowledged by a line of its own.
    private static async Task<int> AppendAsync(string folder, int count)
    {
        await using SqliteLedgerStore store = SqliteLedgerStore.Open(folder, TemporaryFolder.Master);
        await using Stream output = Console.OpenStandardOutput();
        for (int version = 0; version < count; version++)
        {
            await store.AppendAsync(Some.Append(new NumberBlock(100), Some.Tag(1), version), default);
            await output.WriteAsync("acknowledged\n"u8.ToArray());
        }

        return 0;
    }

    // States, of which every other write deletes one.
    private static async Task<int> SaveAsync(string folder, int count)
    {
        await using SqliteLedgerStore store = SqliteLedgerStore.Open(folder, TemporaryFolder.Master);
        await using Stream output = Console.OpenStandardOutput();
        string? version = null;
        for (int writes = 0; writes < count; writes++)
        {
            if (version is null) version = (await store.SaveAsync("s", new byte[10], null, default))!;
            else version = await store.DeleteAsync("s", version, default) ? null : throw new UnreachableException();
            await output.WriteAsync("acknowledged\n"u8.ToArray());
        }

        return 0;
    }

    // On from where the tag is, which a child before this one may have left.
    private static async Task<int> AppendAsync(string setting, Pseudonym tag, int count)
    {
        var block = new NumberBlock(100);
        await using AzureLedgerStore store = await AzureLedgerStore.OpenAsync(
            setting, TemporaryFolder.Master, AzureDeadlines.Patient);
        await using Stream output = Console.OpenStandardOutput();
        for (int version = (await store.ReadTagsAsync(block, [tag], default)).Count; version < count; version++)
        {
            AppendResult result = await store.AppendAsync(
                Some.Append(block, tag, version, command: Some.Command(version)), default);
            await output.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{result.Outcome} {version + 1}\n"));
        }

        return 0;
    }

    private static async Task<int> HoldAsync(string folder)
    {
        try
        {
            await using SqliteLedgerStore store = SqliteLedgerStore.Open(folder, TemporaryFolder.Master);
            Console.WriteLine("open");
            await Console.In.ReadToEndAsync();
            return 0;
        }
        catch (StoreUnavailableException e)
        {
            Console.WriteLine(e.Message);
            return Refused;
        }
    }

    // As any other program with SQLite in it would.
    private static int Peek(string database)
    {
        try
        {
            using var connection = new SqliteConnection(
                $"Data Source={database};Mode=ReadOnly;Pooling=False;Default Timeout=1");
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM events";
            Console.WriteLine(command.ExecuteScalar());
            return 0;
        }
        catch (SqliteException e)
        {
            Console.WriteLine(e.Message);
            return Refused;
        }
    }
}
