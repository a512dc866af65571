using Npgsql;

namespace NumberLedger.Stores;

/// <summary>What goes wrong with the server, in the words of the port.</summary>
internal static class PostgresFaults
{
    /// <summary>Everything that a server or a network can do. From a write the outcome is unknown.</summary>
    public static bool IsOne(Exception failed) =>
        failed is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException
            or ObjectDisposedException or InvalidOperationException { Source: "Npgsql" };

    /// <remarks>Never its detail: that repeats values.</remarks>
    public static StoreUnavailableException Translate(Exception failed) => new(
        failed is PostgresException refused
            ? $"PostgreSQL: {refused.SqlState} {refused.MessageText}"
            : $"PostgreSQL cannot be reached: {failed.Message}",
        failed);

    /// <summary>After <see cref="PostgresDeadline"/>.</summary>
    public static StoreUnavailableException Late(OperationCanceledException late) =>
        new("PostgreSQL does not answer within the deadline of a call.", late);
}
