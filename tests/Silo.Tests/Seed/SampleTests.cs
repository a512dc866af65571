using System.Text.Json;

namespace NumberLedger.Silo.Tests.Seed;

public class SampleTests
{
    private static readonly SampleWorld World = SampleGenerator.Generate(SampleOptions.Committed);

    [Fact]
    public void The_committed_samples_are_what_the_generator_writes_to_the_byte()
    {
        using var folder = new TemporaryFolder();

        IReadOnlyList<string> names = SampleFiles.Write(World, folder.Path);

        string committed = Repository.Full("samples");
        Assert.Equal(Directory.GetFiles(committed).Select(Path.GetFileName).Order(), names.Order());
        Assert.All(names, name => Assert.True(
            File.ReadAllBytes(folder[name]).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(committed, name))),
            $"{name} differs. If the generator was meant to change: ./run seed --out samples"));
    }

    [Fact]
    public void Another_seed_is_another_sample() =>
        Assert.NotEqual(
            World.Campaign.Take(100),
            SampleGenerator.Generate(SampleOptions.Committed with { Seed = 2 }).Campaign.Take(100));

    [Theory]
    [InlineData(SampleOptions.NumbersMin)]
    [InlineData(5_000)]
    public void A_sample_has_as_many_lines_as_asked_for_and_every_number_once(int numbers)
    {
        SampleWorld world = SampleGenerator.Generate(SampleOptions.Committed with { Numbers = numbers });

        Assert.Equal(numbers, world.Campaign.Select(line => line.Number).Distinct().Count());
        Assert.Equal(numbers, world.Campaign.Count);
    }

    [Fact]
    public void Nothing_in_a_sample_is_later_than_its_day()
    {
        DateOnly today = World.Options.Today;

        Assert.All(World.Events, news => Assert.True(news.On is null || news.On <= news.ToldOn));
        Assert.All(World.Events, news => Assert.True(news.ToldOn <= today));
        Assert.All(World.Bindings, binding => Assert.True(DateOnly.FromDateTime(binding.ConsentedAt.DateTime) < today));
        Assert.All(World.OptOuts, refusal => Assert.True(DateOnly.FromDateTime(refusal.ReceivedAt.DateTime) < today));
        Assert.All(World.Campaign, line => Assert.True(line.ConsentedOn is null || line.ConsentedOn < today));
    }

    [Fact]
    public void Every_carrier_tells_of_its_own_ranges_only_but_for_what_was_ported_in() =>
        Assert.All(World.Events, news => Assert.True(news.Kind == "ported_in" || World.Ranges.Any(range =>
            range.Carrier == news.Carrier && news.Number >= range.From && news.Number <= range.To)));

    [Fact]
    public void Ranges_are_whole_thousands_and_do_not_overlap()
    {
        PhoneNumber? last = null;
        foreach (SampleRange range in World.Ranges)
        {
            Assert.Equal((0, 999), (range.From.Digits % 1_000, range.To.Digits % 1_000));
            Assert.True(last is null || last < range.From);
            last = range.To;
        }
    }

    [Fact]
    public void A_retraction_names_an_event_that_its_carrier_told_before()
    {
        var told = new HashSet<(SampleCarrier, int)>();
        foreach (SampleEvent news in World.Events)
        {
            if (news.Retracts is { } mistake) Assert.Contains((news.Carrier, mistake), told);
            told.Add((news.Carrier, news.Id));
        }

        Assert.Contains(World.Events, news => news.Retracts is not null);
    }

    [Theory]
    [InlineData("disconnected")]
    [InlineData("reassigned")]
    [InlineData("ported_in")]
    [InlineData("ported_out")]
    [InlineData("suspended")]
    [InlineData("reactivated")]
    [InlineData("sim_changed")]
    [InlineData("retracted")]
    public void Every_kind_of_event_is_there(string kind) => Assert.Contains(World.Events, news => news.Kind == kind);

    [Fact]
    public void Every_line_of_a_carriers_file_is_one_JSON_object_with_an_id_of_its_own()
    {
        foreach (SampleCarrier carrier in World.Carriers)
        {
            string[] ids = [.. File.ReadLines(Repository.Full($"samples/{SampleFiles.EventsOf(carrier.Id)}"))
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("eventId").GetString()!)];
            Assert.Distinct(ids);
        }
    }
}
