using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>All numbers of a drill, and what its writers do to them, by chance.</summary>
internal sealed class Book
{
    public const string From = "+8613800000000";
    public const string To = "+8613800019999";

    /// <summary>Numbers that most is sent to: old ones rest in peace.</summary>
    private const int RecentNumbers = 200;

    private readonly List<Line> _lines = [];
    private int _ids;

    public Line[] Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    /// <summary>A number that was sent to before; mostly one of the latest.</summary>
    public Line Any(Random random)
    {
        lock (_lines)
        {
            int count = random.Next(20) == 0 ? _lines.Count : Math.Min(_lines.Count, RecentNumbers);
            return count == 0 ? Add() : _lines[^(1 + random.Next(count))];
        }
    }

    public Errand BindNew(Random random)
    {
        Line[] lines = [.. Enumerable.Range(0, random.Next(2) == 0 ? 1 : random.Next(2, 12)).Select(_ => Add())];
        return Bind(random, [.. lines.Select(line => (line, 0))]);
    }

    /// <summary>The same lender's next consent, from before any release: after a release it is refused.</summary>
    public Errand Renew(Random random) => Bind(random, [(Any(random), random.Next(300))]);

    public Errand Report(Random random)
    {
        int count = random.Next(3) == 0 ? 1 : random.Next(2, 25);
        var (events, items) = (new JsonArray(), new List<Item>());
        for (int i = 0; i < count; i++)
        {
            Line line = Any(random);
            string kind = random.Next(8) switch
            {
                0 => "disconnected",
                < 4 => "suspended",
                < 6 => "reactivated",
                _ => "sim_changed",
            };
            string id = NextId("e");
            events.Add(new JsonObject
            {
                ["eventId"] = id,
                ["kind"] = kind,
                ["number"] = line.Text,
                ["effectiveOn"] = "2026-03-01",
            });
            items.Add(new Item(line, Marks.Reported(id), Ends: kind == "disconnected"));
        }

        return new(
            static parties => parties.Carrier, "/v1/carrier-events", new JsonObject { ["events"] = events },
            MostlyKey(random), [.. items], IsBatch: true);
    }

    public Errand OptOut(Random random)
    {
        Line line = Any(random);
        DateTimeOffset receivedAt = line.NextRefusal();
        string scope = random.Next(2) == 0 ? "lender" : "everyone";
        var body = new JsonObject
        {
            ["number"] = line.Text,
            ["scope"] = scope,
            ["receivedAt"] = receivedAt,
        };
        if (random.Next(2) == 0) body["purposes"] = new JsonArray("marketing");
        return new(
            scope == "lender" ? static parties => parties.Lender : static parties => parties.Operator, "/v1/opt-outs",
            body, MostlyKey(random), [new Item(line, Marks.OptedOut(scope, receivedAt), Ends: true)], IsBatch: false);
    }

    /// <summary>Of a number that the lender has, or null.</summary>
    public Errand? Release(Random random)
    {
        Line line = Any(random);
        return line.IsBound && line.MayRelease()
            ? new(
                static parties => parties.Lender, "/v1/bindings/release", new JsonObject { ["number"] = line.Text },
                NextId("key"), [new Item(line, Marks.Released, Ends: true)], IsBatch: false)
            : null;
    }

    private Errand Bind(Random random, (Line Line, int Day)[] claims)
    {
        var (bindings, items) = (new JsonArray(), new List<Item>());
        foreach ((Line line, int day) in claims)
        {
            string reference = NextId("form");
            bindings.Add(new JsonObject
            {
                ["number"] = line.Text,
                ["purposes"] = new JsonArray("marketing", "servicing"),
                ["role"] = "borrower",
                ["consentedAt"] = new DateTimeOffset(2025, 1, 1, 12, 0, 0, TimeSpan.FromHours(8)).AddDays(day),
                ["evidence"] = new JsonObject { ["kind"] = "web_form", ["reference"] = reference },
            });
            items.Add(new Item(line, Marks.Bound(reference), Binds: true));
        }

        return claims.Length == 1 && random.Next(2) == 0
            ? new(
                static parties => parties.Lender, "/v1/bindings", bindings[0]!.DeepClone().AsObject(), NextId("key"),
                [.. items], IsBatch: false)
            : new(
                static parties => parties.Lender, "/v1/bindings/batch", new JsonObject { ["bindings"] = bindings },
                NextId("key"), [.. items], IsBatch: true);
    }

    private Line Add()
    {
        lock (_lines)
        {
            // From both ends: two blocks are written to at once.
            int offset = _lines.Count % 2 == 0 ? _lines.Count / 2 : 19_999 - (_lines.Count / 2);
            var line = new Line($"+86138000{offset:00000}");
            _lines.Add(line);
            return line;
        }
    }

    private string? MostlyKey(Random random) => random.Next(4) == 0 ? null : NextId("key");

    private string NextId(string prefix) => $"{prefix}-{Interlocked.Increment(ref _ids)}";
}
