using Microsoft.AspNetCore.Http;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>A lender's own bindings, page by page, in the order of numbers.</summary>
/// <remarks>
/// There is no index by lender: blocks are walked in order, and asked. What one page may walk is limited, so a lender
/// with few bindings among many blocks gets short pages; the cursor leads on.
/// </remarks>
internal sealed class BindingPages(IGrainFactory grains, IBlockDirectory blocks, BindingIds ids, BindingCursors cursors)
{
    private static readonly NumberBlock FirstBlock = new(NumberBlock.Registry.Key + 1);

    public async ValueTask<Reply> ListAsync(Call call)
    {
        HttpRequest request = call.Http.Request;
        string lender = call.Caller.Party;
        var faults = new Faults();
        int limit = Query.ReadLimit(request, faults);
        var from = new BlockPlace(FirstBlock, 0);
        if (request.Query.TryGetValue(Query.Cursor, out var cursor)
            && !cursors.TryRead(lender, cursor.ToString(), out from))
        {
            faults.AddParameter(ProblemCatalog.CursorInvalid, Query.Cursor);
        }

        if (faults.Any) return ProblemReply.Of(faults);

        (List<BindingListing> found, BlockPlace? next) = await WalkAsync(lender, from, limit, call.Http.RequestAborted);
        var page = new BindingPage(
            [.. found.Select(binding => ItemOf(lender, binding))],
            next is { } place ? cursors.Of(lender, place) : null);
        return new JsonReply<BindingPage>(StatusCodes.Status200OK, page, Json.Types.BindingPage);
    }

    /// <returns>What was found, and where to go on; null after the last block.</returns>
    private async Task<(List<BindingListing> Found, BlockPlace? Next)> WalkAsync(
        string lender, BlockPlace from, int limit, CancellationToken cancellationToken)
    {
        var found = new List<BindingListing>();
        IReadOnlyList<NumberBlock> walked = await blocks.ListAsync(
            from.Block, Limits.PageBlocksMax + 1, cancellationToken);
        for (int i = 0; i < walked.Count; i++)
        {
            NumberBlock block = walked[i];
            ushort offset = block == from.Block ? from.Offset : (ushort)0;
            if (i == Limits.PageBlocksMax) return (found, new BlockPlace(block, offset));

            // One more than fits tells whether there is more.
            int missing = limit - found.Count;
            BindingListing[] here = await grains.Block(block).ListBindingsAsync(
                new BindingsQuery(lender, offset, missing + 1), cancellationToken);
            if (here.Length > missing)
            {
                found.AddRange(here[..missing]);
                return (found, new BlockPlace(block, NumberBlock.OffsetOf(here[missing].Number)));
            }

            found.AddRange(here);
        }

        return (found, null);
    }

    private BindingItem ItemOf(string lender, BindingListing binding)
    {
        LedgerEvent.Bound claim = binding.Claim;
        return new BindingItem(
            ids.Of(lender, binding.Number),
            binding.Number.ToMasked(),
            BindingResponse.StateOf(binding.Status),
            BindingResponse.ReasonOf(binding.Reason),
            Words<Purposes>.Split(claim.Purposes),
            claim.Role,
            claim.ConsentedAt,
            claim.ExpiresAt,
            binding.ReleasedAt,
            EvidenceBody.Of(claim.Evidence));
    }
}
