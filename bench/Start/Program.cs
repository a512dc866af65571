using System.Globalization;
using System.Security.Cryptography;
using NumberLedger;
using NumberLedger.Stores;

// Fills a fresh data folder with numbers that have one binding each, straight through the store.
//   dotnet run -c Release --project bench/Start -- FOLDER NUMBERS
string folder = args[0];
int numbers = int.Parse(args[1], CultureInfo.InvariantCulture);

Directory.CreateDirectory(folder);
byte[] secret = RandomNumberGenerator.GetBytes(MasterKey.Size);
await File.WriteAllTextAsync(Path.Combine(folder, "master.key"), Convert.ToHexStringLower(secret));
var master = new MasterKey(secret);
using var sealer = new Sealer(master);
await using var store = SqliteLedgerStore.Open(folder, master);

const int EntriesPerAppend = 1_000;
DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
var bound = new LedgerEvent.Bound(
    "demo-lender", BindingRole.Borrower, Purposes.Marketing, now.AddDays(-30),
    DateOnly.FromDateTime(now.UtcDateTime).AddDays(-30), null, null);
for (int from = 0; from < numbers; from += EntriesPerAppend)
{
    await store.AppendAsync(Append(from, Math.Min(EntriesPerAppend, numbers - from)), CancellationToken.None);
}

Console.WriteLine($"{numbers} numbers in {folder}");

Append Append(int from, int count)
{
    NumberBlock block = NumberBlock.Of(NumberAt(from));
    byte[] random = RandomNumberGenerator.GetBytes(count * EntrySealer.RandomBytes);
    var expected = new ExpectedVersion[count];
    var entries = new NewEntry[count];
    for (int i = 0; i < count; i++)
    {
        PhoneNumber number = NumberAt(from + i);
        Pseudonym tag = sealer.TagOf(number);
        expected[i] = new(tag, 0);
        entries[i] = sealer.Next(
            block, tag, 0, Chain.Start(block, tag), new EntryContent(now, NumberBlock.OffsetOf(number), bound), null,
            random.AsSpan(i * EntrySealer.RandomBytes, EntrySealer.RandomBytes));
    }

    return new Append(block, expected, entries, now);
}

static PhoneNumber NumberAt(int i) => PhoneNumber.TryFromDigits(8_613_800_000_000 + i, out PhoneNumber number)
    ? number
    : throw new ArgumentOutOfRangeException(nameof(i));
