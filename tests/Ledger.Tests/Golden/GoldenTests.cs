namespace NumberLedger.Ledger.Tests;

/// <summary>What an older release wrote is read by this one.</summary>
/// <remarks>
/// To add a line: extend <see cref="GoldenEntries"/>, run these tests once with NUMBERLEDGER_GOLDEN=write, look at the
/// difference (lines may appear, none may change), build and run again. With CI=true nothing is ever written.
/// </remarks>
public sealed class GoldenTests
{
    private static readonly Sealer Sealer = new(GoldenEntries.Master);

    [Fact]
    public void The_file_is_written_only_when_asked_and_never_in_CI()
    {
        if (Environment.GetEnvironmentVariable("NUMBERLEDGER_GOLDEN") != "write") return;
        Assert.NotEqual("true", Environment.GetEnvironmentVariable("CI"));

        GoldenFile.Write(GoldenEntries.All, Stored());
    }

    [Fact]
    public void Every_content_is_read_as_what_it_said()
    {
        GoldenFile golden = GoldenFile.Read();

        Assert.Equal(GoldenEntries.All.Select(entry => entry.Name).Order(), golden.Contents.Keys.Order());
        foreach ((string name, EntryContent content) in GoldenEntries.All)
        {
            EntryContent read = EntryCodec.Decode(Convert.FromHexString(golden.Contents[name]));
            Assert.Equal(content, read);
            Assert.Equal(content.Event.ToString(), read.Event.ToString());
        }
    }

    [Fact]
    public void Every_content_is_still_written_so()
    {
        GoldenFile golden = GoldenFile.Read();

        foreach ((string name, EntryContent content) in GoldenEntries.All)
        {
            Assert.Equal(golden.Contents[name], Convert.ToHexStringLower(EntryCodec.Encode(content)));
        }
    }

    [Fact]
    public void Every_kind_of_event_is_in_the_file() => Assert.Equal(
        Contents.Events.Keys.Select(type => type.Name).Order(),
        GoldenEntries.All.Select(entry => entry.Content.Event.GetType().Name).Distinct().Order());

    [Fact]
    public void The_stored_block_is_sealed_and_chained_so_to_this_day()
    {
        IReadOnlyList<StoredEntry> golden = GoldenFile.Read().Stored;
        List<StoredEntry> made = Stored();

        Assert.Equal(made.Count, golden.Count);
        foreach ((StoredEntry was, StoredEntry entry) in golden.Zip(made))
        {
            Assert.Equal(
                (was.Position, was.Tag, was.Version, was.Hash), (entry.Position, entry.Tag, entry.Version, entry.Hash));
            Assert.Equal(was.Salt, entry.Salt);
            Assert.Equal(was.Sealed, entry.Sealed);
        }
    }

    [Fact]
    public void The_stored_block_verifies_and_opens()
    {
        BlockFold.Block folded = BlockFold.Fold(BlockStory.China, Sealer, GoldenFile.Read().Stored);

        (ushort offset, NumberState state) = Assert.Single(folded.Numbers.Values);
        Assert.Equal(1_234, offset);
        Assert.Equal(3, state.Version);
        Assert.Single(state.Bindings);
        Assert.Single(state.Reports);
        Assert.Empty(state.Refusals); // Erased.
        Assert.Equal(new RangeShare("carrier-a", new DateOnly(2020, 1, 1)), folded.Ranges.At(offset));
    }

    private static List<StoredEntry> Stored() => [.. GoldenEntries.Story.Sealed(Sealer)
        .Select(entry => entry.Position == GoldenEntries.ErasedPosition ? entry with { Salt = null } : entry)];
}
