namespace NumberLedger.Cli;

/// <summary>What is sent as a file: streams, one after the other.</summary>
/// <param name="Length">Of all of them; null if it is not known before the end.</param>
internal sealed record FileBody(IReadOnlyList<Stream> Parts, long? Length) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        foreach (Stream part in Parts) await part.DisposeAsync();
    }
}

/// <summary>The file that is sent could not be read: that is why the answer ends too.</summary>
internal sealed class InputException(string message, Exception? cause = null) : IOException(message, cause);
