using System.Globalization;
using NumberLedger.Bench;
using NumberLedger.Stores;

// Appends to the PostgreSQL store, as bench/Appends has them for SQLite: entries a second that are durable and
// acknowledged.
//   Postgres CONNECTION SECONDS CALLERS...
// For each number of callers, a line with their rate. bench/Postgres/run sets it against pgbench.
const int Blocks = 200;
double seconds = double.Parse(args[1], CultureInfo.InvariantCulture);
await using PostgresLedgerStore store =
    await PostgresLedgerStore.OpenAsync(args[0], new NumberLedger.MasterKey(new byte[32]));
var load = await AppendLoad.PrepareAsync(store, Blocks);
await load.RunAsync(callers: 64, entries: 1, TimeSpan.FromSeconds(1)); // Warms up the compiler.
foreach (string callers in args[2..])
{
    (double rate, double cpu) = await load.RunAsync(
        int.Parse(callers, CultureInfo.InvariantCulture), entries: 1, TimeSpan.FromSeconds(seconds));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{callers} {rate:F0} {cpu:F1}"));
}
