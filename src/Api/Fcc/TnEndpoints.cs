using Microsoft.AspNetCore.Http;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>
/// The callers' side of the FCC's Reassigned Numbers Database, on the same record as everything else.
/// </summary>
internal sealed class TnEndpoints(IBulkReader blocks, TimeProvider time)
{
    private const string Example =
        """{"replies":[{"tn":"4045551111","disconnected":"no","companyId":"TESTCO","dateProvided":"2026-08-01"}]}""";

    public static readonly Operation Ask = new(
        "postTn", "FCC Reassigned Numbers", "Were these numbers permanently disconnected since?",
        $"Up to {Limits.TnMax} questions, in the form of the FCC's own interface. A no while nobody holds the number is the "
        + "registry's answer; a check of ours denies it.")
    {
        Scope = Scopes.CheckRecycling,
        Answers = [new(200, "One reply for each question, in order.", typeof(TnResponse), Example)],
        Problems =
        [
            ProblemCatalog.TextMalformed, ProblemCatalog.DayMalformed, ProblemCatalog.Of(Refusal.ConsentInFuture),
            ProblemCatalog.Of(Refusal.ConsentTooEarly),
        ],
    };

    public static void Map(LedgerRoutes routes) =>
        routes.Post("/api/tn", Ask, TnRequest.Shape, routes.Endpoints<TnEndpoints>().AskAsync);

    private async ValueTask<Reply> AskAsync(Call call, TnRequest request)
    {
        if (FirstFaults(request) is { } faults) return ProblemReply.Of(faults);

        var lines = new ScrubLines();
        foreach ((TnQuestion? asked, _) in request.Questions)
        {
            lines.Add(new(0, 0, asked!.Number.Digits, new(Purposes.None, Days.Pack(asked.Date)), LineFault.None));
        }

        var groups = new BlockGroups();
        groups.Group(lines, static _ => ushort.MaxValue);
        var answers = new BulkAnswers();
        await blocks.CheckAsync(
            call.Caller.Party, groups, RegistryRule.FccRnd, answers, call.Http.RequestAborted);
        TnReply[] replies = new TnReply[lines.Count];
        for (int i = 0; i < replies.Length; i++)
        {
            TnQuestion asked = request.Questions[i].Value!;
            replies[i] = new(asked.Tn, answers.OfRegistry[groups.PlaceOf[i]]!, asked.CompanyId, asked.Date);
        }

        return new JsonReply<TnResponse>(StatusCodes.Status200OK, new(replies), Json.Types.TnResponse);
    }

    /// <summary>All or nothing: the registry's form has no place for what is wrong with one question.</summary>
    private Faults? FirstFaults(TnRequest request)
    {
        for (int i = 0; i < request.Questions.Length; i++)
        {
            (TnQuestion? asked, Faults? faults) = request.Questions[i];
            if (faults is not null) return faults;

            DateOnly latest = Country.Of(asked!.Number).LatestDay(time.GetUtcNow());
            Refusal? refusal = asked.Date > latest ? Refusal.ConsentInFuture
                : Days.CanHold(asked.Date) ? null : Refusal.ConsentTooEarly;
            if (refusal is not { } no) continue;

            var found = new Faults();
            found.Add(ProblemCatalog.Of(no), $"/{TnRequest.List}/{i}/date");
            return found;
        }

        return null;
    }
}
