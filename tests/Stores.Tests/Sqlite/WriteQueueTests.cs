namespace NumberLedger.Stores.Tests;

/// <summary>What can wait is written after what cannot, alone, and yet one day.</summary>
public sealed class WriteQueueTests
{
    private readonly WriteQueue _queue = new(weightMax: 1_000);

    [Fact]
    public void What_can_wait_is_taken_alone_and_after_what_waits_already()
    {
        WriteJob later = Job();
        WriteJob[] now = [Job(), Job()];
        _queue.AddWhatCanWait(later);
        foreach (WriteJob job in now) _queue.Add(job);

        Assert.Equal(now, Taken());
        Assert.Equal([later], Taken());
    }

    [Fact]
    public void What_can_wait_is_not_passed_over_for_ever()
    {
        WriteJob later = Job();
        _queue.AddWhatCanWait(later);
        for (int group = 0; group < 100; group++)
        {
            _queue.Add(Job());
            if (Taken().Contains(later)) return;
        }

        Assert.Fail("It was never its turn.");
    }

    [Fact]
    public void A_closed_queue_gives_what_can_wait_too()
    {
        WriteJob later = Job();
        _queue.AddWhatCanWait(later);
        _queue.Close();

        Assert.Equal([later], Taken());
        Assert.False(_queue.Take([], 10, null));
        Assert.Throws<StoreUnavailableException>(() => _queue.AddWhatCanWait(Job()));
    }

    private static WriteJob<bool> Job() => new(1, _ => true, CancellationToken.None);

    private List<WriteJob> Taken()
    {
        var group = new List<WriteJob>();
        Assert.True(_queue.Take(group, groupWeightMax: 10, waitMax: null));
        return group;
    }
}
