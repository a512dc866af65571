using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>Runs a write once for each idempotency key of its tenant, and gives the same answer from then on.</summary>
/// <remarks>
/// Claimed after the request was found well-formed: what is refused before leaves the key free. Answers under 500 are
/// stored. After a 5xx, or a crash, the same request runs again under the same command ids, which records nothing
/// twice.
/// </remarks>
internal sealed class IdempotentRequests(IdempotencyMacs macs, IGrainFactory grains)
{
    public const string KeyHeader = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>The header's key, or null without one; or what is wrong with it.</summary>
    public static ProblemReply? ReadKey(HttpContext http, out string? key)
    {
        key = null;
        if (!http.Request.Headers.TryGetValue(KeyHeader, out StringValues values)) return null;

        key = values.Count == 1 ? values[0] : null;
        bool isKey = key is { Length: > 0 and <= Limits.IdempotencyKeyCharsMax } && key.All(
            c => c is >= ' ' and <= '~');
        return isKey ? null : ProblemReply.Of(ProblemCatalog.IdempotencyKeyMalformed);
    }

    /// <param name="answersAreSecret">
    /// Then of a success only that there was one is stored, and a repeated request makes the answer again under the
    /// same command ids.
    /// </param>
    public ValueTask<Reply> OnceAsync(
        HttpContext http, Caller caller, ReadOnlySpan<byte> body, bool answersAreSecret,
        Func<Commands, ValueTask<Reply>> run)
    {
        if (ReadKey(http, out string? key) is { } problem) return new(problem);
        return key is null
            ? run(Commands.None)
            : ClaimAsync(http, caller.Party, key, macs.DigestOf(http.Request, body), answersAreSecret, run);
    }

    private async ValueTask<Reply> ClaimAsync(
        HttpContext http, string tenant, string key, Hash256 digest, bool answersAreSecret,
        Func<Commands, ValueTask<Reply>> run)
    {
        UInt128 id = macs.IdOf(tenant, key);
        IClaimGrain claim = grains.Claim(id);
        ClaimReply claimed = await claim.ClaimAsync(digest, CancellationToken.None);
        Commands commands = macs.CommandsOf(tenant, key, claimed.ClaimedAt);
        switch (claimed.Outcome)
        {
            case ClaimOutcome.StillRunning:
                return ProblemReply.Of(ProblemCatalog.IdempotencyKeyInUse);
            case ClaimOutcome.OtherRequest:
                return ProblemReply.Of(ProblemCatalog.IdempotencyKeyReused);
            case ClaimOutcome.Answered:
                http.Response.Headers[ReplayedHeader] = "true";
                return answersAreSecret && IsSuccess(claimed.Answer!.Status)
                    ? await run(commands)
                    : Stored(id, claimed.Answer!);
            default:
                return await RunAsync(claim, id, answersAreSecret, () => run(commands));
        }
    }

    private async ValueTask<Reply> RunAsync(
        IClaimGrain claim, UInt128 id, bool answersAreSecret, Func<ValueTask<Reply>> run)
    {
        bool answered = false;
        try
        {
            Reply reply = await run();
            if (reply.Status >= StatusCodes.Status500InternalServerError) return reply;

            byte[] body = answersAreSecret && IsSuccess(reply.Status) ? [] : reply.ToBytes();
            answered = await TryAnswerAsync(
                claim, new ClaimAnswer(reply.Status, reply.ContentType, macs.Seal(id, body)));
            return reply;
        }
        finally
        {
            if (!answered) await claim.AbandonAsync();
        }
    }

    /// <summary>
    /// What was done is done, whether its answer can be kept or not: without it, a repeated request runs again, and
    /// records nothing twice.
    /// </summary>
    private static async Task<bool> TryAnswerAsync(IClaimGrain claim, ClaimAnswer answer)
    {
        try
        {
            await claim.AnswerAsync(answer, CancellationToken.None);
            return true;
        }
        catch (Exception failed) when (failed is LedgerUnavailableException or TimeoutException)
        {
            return false;
        }
    }

    private static bool IsSuccess(int status) => status < StatusCodes.Status300MultipleChoices;

    private StoredReply Stored(UInt128 id, ClaimAnswer answer) =>
        new(answer.Status, answer.ContentType, macs.Open(id, answer.Body));

    private sealed class StoredReply(int status, string contentType, byte[] body) : Reply(status)
    {
        public override string ContentType => contentType;

        protected override void WriteBody(IBufferWriter<byte> to) => to.Write(body);
    }
}
