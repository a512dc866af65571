using System.Buffers.Binary;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;

namespace NumberLedger.Stores;

/// <summary>Idempotency keys; each is a row.</summary>
internal sealed class AzureClaims(TableClient table)
{
    private const string Digest = "Digest";
    private const string ClaimedAt = "At";
    private const string Status = "Status";
    private const string ContentType = "ContentType";
    private const string Body = "Body";

    private readonly ClaimPurges _purges = new();

    public async Task<Claim> ClaimAsync(Claim claim, CancellationToken cancellationToken)
    {
        (string partition, string key) = KeyOf(claim.Id);
        var row = new TableEntity(partition, key)
        {
            [Digest] = claim.Digest.ToArray(),
            [ClaimedAt] = claim.ClaimedAt.ToUnixTimeMilliseconds(),
        };
        while (true)
        {
            try
            {
                await table.AddEntityAsync(row, cancellationToken);
                break;
            }
            catch (RequestFailedException failed) when (AzureFaults.IsRefusal(failed))
            {
                // Another came first. Purged in between, it is claimed anew.
                if (await table.FindAsync(partition, key, cancellationToken) is { } earlier)
                {
                    return ClaimOf(claim.Id, earlier);
                }
            }
        }

        if (_purges.After(claim) is { } before) await PurgeAsync(before, cancellationToken);

        return claim;
    }

    /// <exception cref="StoreUnavailableException">
    /// The answer is larger than a row: it is not kept, and a repeated request runs again.
    /// </exception>
    public async Task AnswerAsync(UInt128 id, ClaimAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.Body.Length > AzureBytes.BytesPerRow)
        {
            throw new StoreUnavailableException($"An answer of {answer.Body.Length} bytes is too large to be kept.");
        }

        (string partition, string key) = KeyOf(id);
        while (await table.FindAsync(partition, key, cancellationToken) is { } row && !row.ContainsKey(Status))
        {
            var answered = new TableEntity(partition, key)
            {
                [Status] = answer.Status,
                [ContentType] = answer.ContentType,
            };
            AzureBytes.Write(answered, Body, answer.Body);
            try
            {
                await table.UpdateEntityAsync(
                    answered, AzureRows.ETagOf(row), TableUpdateMode.Merge, cancellationToken);
                return;
            }
            catch (RequestFailedException failed) when (AzureFaults.IsRefusal(failed))
            {
                // Answered or purged in between, perhaps by this very request, tried again.
            }
        }
    }

    /// <summary>One partition for each first digit: so many that they are written side by side.</summary>
    private static (string Partition, string Row) KeyOf(UInt128 id)
    {
        string key = id.ToString("x32");
        return (key[..1], key);
    }

    private static Claim ClaimOf(UInt128 id, TableEntity row)
    {
        ClaimAnswer? answer = row.GetInt32(Status) is { } status
            ? new(status, row.GetString(ContentType), AzureBytes.Read(row, Body))
            : null;
        return new Claim(
            id, Hash256.Read(row.GetBinary(Digest)),
            DateTimeOffset.FromUnixTimeMilliseconds(AzureRows.Long(row, ClaimedAt)), answer);
    }

    /// <summary>
    /// Looks at so many in some place: they lie in the order of their ids, which are drawn by chance. So at most half
    /// of all are old for long. What fails here is done by another purge.
    /// </summary>
    private async Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        try
        {
            (string partition, string from) = KeyOf(
                BinaryPrimitives.ReadUInt128BigEndian(RandomNumberGenerator.GetBytes(16)));
            AsyncPageable<TableEntity> rows = table.QueryAsync<TableEntity>(
                $"PartitionKey eq '{partition}' and RowKey ge '{from}'", ClaimPurges.CountMax,
                ["PartitionKey", "RowKey", ClaimedAt], cancellationToken);
            await foreach (Page<TableEntity> page in rows.AsPages())
            {
                IEnumerable<TableTransactionAction> old = page.Values
                    .Where(row => AzureRows.Long(row, ClaimedAt) < before.ToUnixTimeMilliseconds())
                    .Select(AzureRows.DeletionOf);
                foreach (TableTransactionAction[] some in old.Chunk(AzureLimits.RowsPerTransaction))
                {
                    await table.TryTransactAsync(some, cancellationToken);
                }

                break;
            }
        }
        catch (Exception failed) when (AzureFaults.IsOne(failed) && !cancellationToken.IsCancellationRequested)
        {
            // The claim itself is durable.
        }
    }
}
