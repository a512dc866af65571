namespace NumberLedger.Api.Tests.Bulk;

public sealed class JobRateTests
{
    private readonly JobRate _rate = new();

    [Fact]
    public void A_rate_is_not_known_from_one_moment()
    {
        Assert.Null(_rate.At(Seconds(9)));

        Note(0, 0);
        Assert.Null(_rate.At(Seconds(9)));

        Note(0.3, 1_000);
        Assert.Null(_rate.At(Seconds(0.3)));
    }

    [Fact]
    public void A_steady_job_has_its_rate()
    {
        for (int i = 0; i <= 300; i++) Note(i / 10.0, 100 * i);

        Assert.Equal((1_000, 30_000), _rate.At(Seconds(30)));
    }

    [Fact]
    public void A_slow_beginning_is_forgotten()
    {
        Note(0, 0);
        Note(60, 10);
        for (int i = 1; i <= 150; i++) Note(60 + i / 10.0, 10 + 100 * i);

        Assert.InRange(_rate.At(Seconds(75))!.Value.Rows, 999, 1_001);
    }

    [Fact]
    public void A_job_that_stands_still_is_seen_to()
    {
        for (int i = 0; i <= 100; i++) Note(i / 10.0, 100 * i);

        Assert.Equal(500, _rate.At(Seconds(20))!.Value.Rows);
        Assert.InRange(_rate.At(Seconds(1_000))!.Value.Rows, 0, 10);
    }

    [Fact]
    public void A_burst_of_checkpoints_is_one_and_the_newest_counts()
    {
        Note(0, 0);
        for (int i = 1; i <= 1_000; i++) Note(1 + i / 1e6, i);

        Assert.Equal(500, _rate.At(Seconds(2))!.Value.Rows);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private void Note(double seconds, long rows) => _rate.Note(Seconds(seconds), rows, 30 * rows);
}
