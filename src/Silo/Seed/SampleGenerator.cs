namespace NumberLedger.Silo;

/// <summary>
/// Draws a whole sample: what carriers report, what one lender holds, who refused, and whom it wants to text.
/// </summary>
/// <remarks>
/// Every line is decided by the options alone. Streams of <see cref="SampleRandom"/>: 1 the plan, 2 the lives, 3 the
/// lender.
/// </remarks>
internal sealed class SampleGenerator
{
    private static readonly (int, Purposes)[] CampaignPurposes =
        [(55, Purposes.Marketing), (25, Purposes.Collection), (15, Purposes.Servicing), (5, Purposes.Verification)];

    private static readonly (int, Purposes)[] BindingPurposes =
    [
        (30, Purposes.Marketing | Purposes.Servicing), (25, Purposes.Servicing | Purposes.Collection),
        (20, Purposes.All), (15, Purposes.Marketing),
        (10, Purposes.Servicing | Purposes.Collection | Purposes.Verification),
    ];

    private static readonly (int, BindingRole)[] Roles =
        [(90, BindingRole.Borrower), (6, BindingRole.Guarantor), (4, BindingRole.Contact)];

    private readonly SampleOptions _options;
    private readonly SampleRandom _dice;
    private readonly List<SampleBinding> _bindings = [];
    private readonly List<PhoneNumber> _releases = [];
    private readonly List<SampleOptOut> _optOuts = [];

    private SampleGenerator(SampleOptions options) => (_options, _dice) = (options, new(options.Seed, stream: 3));

    public static SampleWorld Generate(SampleOptions options)
    {
        (IReadOnlyList<SampleRange> ranges, SampleNumber[] numbers) = SamplePlan.Draw(options);
        var lives = new SampleLives(options);
        var lender = new SampleGenerator(options);
        SampleLine[] campaign = [.. numbers.Select(number => lender.Draw(number, lives.Draw(number)))];
        return new SampleWorld(
            options, SamplePlan.Carriers, ranges, lives.Events, Feeds(ranges, options.Today), lender._bindings,
            lender._releases, lender._optOuts, campaign);
    }

    /// <summary>
    /// Every range's feed is complete to the day before, but the last one's, which has been silent for a hundred days.
    /// </summary>
    private static SampleFeed[] Feeds(IReadOnlyList<SampleRange> ranges, DateOnly today) =>
        [.. ranges.Select((range, i) => new SampleFeed(range, today.AddDays(i == ranges.Count - 1 ? -100 : -1)))];

    private SampleLine Draw(SampleNumber number, SampleLife life)
    {
        DateOnly consentedOn = Max(DayIn(life.ConsentFrom, life.ConsentTo), DayIn(life.ConsentFrom, life.ConsentTo));
        Purposes purpose = _dice.Pick<Purposes>(CampaignPurposes);
        int drawn = _dice.Below(1_000);
        bool bringsDate = drawn < 850;
        // Of those that bring a date a few are bound as well; of the others a few are bound to nothing.
        if (drawn is (>= 840 and < 850) or (>= 857)) Bind(number, consentedOn, purpose);

        if (_dice.Happens(15)) Refuse(number, purpose, DayIn(consentedOn, _options.Today.AddDays(-1)));
        if (life.OldHolderUntil is { } until && _dice.Happens(250))
        {
            Refuse(number, purpose, DayIn(until.AddDays(-200), until.AddDays(-1)));
        }

        return new SampleLine(number.Number, NameOf(purpose), bringsDate ? consentedOn : null);
    }

    private void Bind(SampleNumber number, DateOnly consentedOn, Purposes campaignPurpose)
    {
        Purposes purposes = _dice.Pick<Purposes>(BindingPurposes);
        // A lender knows what it asked for, mostly.
        if (!_dice.Happens(30)) purposes |= campaignPurpose;

        DateTimeOffset consentedAt = InstantOn(consentedOn, number.UtcOffset);
        DateTimeOffset? expiresAt = _dice.Happens(100) ? consentedAt.AddDays(_dice.Between(365, 1_095)) : null;
        string role = _dice.Pick<BindingRole>(Roles).ToString().ToLowerInvariant();
        _bindings.Add(new(number.Number, role, NamesOf(purposes), consentedAt, expiresAt));
        if (_dice.Happens(12)) _releases.Add(number.Number);
    }

    private void Refuse(SampleNumber number, Purposes campaignPurpose, DateOnly day)
    {
        bool everyone = _dice.Happens(400);
        int drawn = _dice.Below(100);
        Purposes? purpose = drawn < 60 ? null : drawn < 85 ? campaignPurpose : Purposes.Verification;
        _optOuts.Add(new(
            number.Number, everyone, purpose is { } one ? NameOf(one) : null, InstantOn(day, number.UtcOffset)));
    }

    private DateOnly DayIn(DateOnly from, DateOnly to) => from.AddDays(_dice.Below(to.DayNumber - from.DayNumber + 1));

    // Between nine and nine on the holder's clock: the same calendar day wherever in the country one looks.
    private DateTimeOffset InstantOn(DateOnly day, TimeSpan utcOffset) =>
        new(day, new TimeOnly(9, 0).Add(TimeSpan.FromSeconds(_dice.Below(12 * 3_600))), utcOffset);

    private static string NamesOf(Purposes purposes) =>
        string.Join(' ', Enum.GetValues<Purposes>().Where(one => IsOne(one) && purposes.HasFlag(one)).Select(NameOf));

    private static bool IsOne(Purposes purpose) => System.Numerics.BitOperations.IsPow2((byte)purpose);
    private static string NameOf(Purposes purpose) => purpose.ToString().ToLowerInvariant();
    private static DateOnly Max(DateOnly a, DateOnly b) => a > b ? a : b;
}
