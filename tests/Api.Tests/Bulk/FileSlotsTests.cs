namespace NumberLedger.Api.Tests.Bulk;

public class FileSlotsTests
{
    [Fact]
    public void A_party_has_so_many_files_under_way_and_all_together_so_many()
    {
        var slots = new FileSlots();
        IDisposable?[] ofOne = [.. Enumerable.Range(0, Limits.FilesPerPartyMax).Select(_ => slots.TryTake("one"))];
        Assert.DoesNotContain(null, ofOne);
        Assert.Null(slots.TryTake("one"));

        List<IDisposable?> others = [];
        for (int i = Limits.FilesPerPartyMax; i < Limits.FilesAtOnceMax; i++) others.Add(slots.TryTake($"p{i}"));
        Assert.DoesNotContain(null, others);
        Assert.Null(slots.TryTake("last"));

        ofOne[0]!.Dispose();
        ofOne[0]!.Dispose(); // Given back once.
        Assert.NotNull(slots.TryTake("last"));
        Assert.Null(slots.TryTake("one"));
    }
}
