using Npgsql;

namespace NumberLedger.Stores;

/// <summary>What goes wrong with the server, in the words of the port.</summary>
internal static class PostgresFaults
{
    /// <summary>Everything that a server or a network can do. From a write the outcome is unknown.</summary>
    /// <param name="caller">Whose cancellation is none; that of <see cref="PostgresDeadline"/> is one.</param>
    public static bool IsOne(Exception failed, CancellationToken caller) =>
        failed is OperationCanceledException
            ? !caller.IsCancellationRequested
            : failed is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException
                or ObjectDisposedException or InvalidOperationException { Source: "Npgsql" };

    /// <remarks>Never its detail: that repeats values.</remarks>
    public static StoreUnavailableException Translate(Exception failed) => new(
        failed switch
        {
            PostgresException refused => $"PostgreSQL: {refused.SqlState} {refused.MessageText}",
            OperationCanceledException => "PostgreSQL does not answer within the deadline of a call.",
            _ => $"PostgreSQL cannot be reached: {failed.Message}",
        },
        failed);
}
