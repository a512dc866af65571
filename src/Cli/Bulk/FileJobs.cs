using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace NumberLedger.Cli;

/// <summary>A file as a job of the server: brought there, watched, and its answer fetched.</summary>
internal sealed class FileJobs(Session session, FileOrder order, FileMeter meter)
{
    /// <summary>Between two looks at a job whose events broke off.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>So long may a server be away, a restart for instance, before we stop watching.</summary>
    private static readonly TimeSpan AwayMax = TimeSpan.FromSeconds(60);

    private readonly Lang _lang = session.Lang;

    /// <summary>Brings the file there.</summary>
    /// <returns>The job's id.</returns>
    public async Task<string> SubmitAsync(CancellationToken cancellationToken)
    {
        AccessKey key = session.Key.Read();
        await using FileBody body = await order.OpenInputAsync(cancellationToken);
        meter.BytesTotal = body.Length;
        await using FileCall call = await FileCall.StartAsync(
            order.UrlAt(session.Server, asJob: true), order.Headers(key), body, meter, cancellationToken);
        string answer = await call.Body.ReadTextAsync(Problem.BytesMax, cancellationToken);
        // From here on it counts what the server has read of it.
        meter.Set(0, null, 0);
        return call.Head.IsSuccess
            ? JsonNode.Parse(answer)!["id"]!.GetValue<string>()
            : throw Problem.Failure(_lang, call.Head.Status, answer);
    }

    /// <summary>Watches until it ended.</summary>
    /// <returns>Its status: finished, stopped, failed, cancelled.</returns>
    public async Task<string> WatchAsync(string id, CancellationToken cancellationToken)
    {
        using LedgerClient client = session.Connect();
        long seen = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                // Also the place where a job that does not exist is told, in words.
                JsonNode job = await client.GetAsync(PathOf(id), cancellationToken);
                seen = TimeProvider.System.GetTimestamp();
                if (Note(job) is { } ended) return ended;
                if (await FollowAsync(client, id, cancellationToken) is { } followed) return followed;
            }
            catch (Exception cause) when (IsAway(cause) && TimeProvider.System.GetElapsedTime(seen) < AwayMax)
            {
                // It survives a restart of the server, so we do too.
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Its answer, verified as one that streams.</summary>
    public async Task<AnswerTrailer> FetchAsync(string id, CancellationToken cancellationToken)
    {
        using LedgerClient client = session.Connect();
        using HttpResponseMessage answer = await client.OpenAsync(PathOf(id) + "/results", null, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw Problem.Failure(
                _lang, (int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
        }

        FileFormat format = answer.Content.Headers.ContentType?.MediaType == FileFormat.Ndjson.MediaType()
            ? FileFormat.Ndjson : FileFormat.Csv;
        RefuseOtherName(format);
        using AnswerSink sink = order.Output is null ? AnswerSink.StandardOutput() : AnswerSink.ToFile(order.Output);
        using var check = new AnswerCheck(format, sink.Write);
        Exception? cutOff = await PumpAsync(answer, check, cancellationToken);
        return new FileTransfer(session, order, meter).Conclude(check, sink, cutOff);
    }

    /// <summary>A job's answer has the format that it was sent for, whatever the file is called now.</summary>
    private void RefuseOtherName(FileFormat format)
    {
        if (FileFormats.Of(null, order.Output) is not { } named || named == format) return;

        string right = Path.ChangeExtension(order.Output, format == FileFormat.Csv ? ".csv" : ".ndjson")!;
        throw new CliFailure(ExitCodes.Usage, _lang.Say(
            $"The answer of this job is {format.MediaType()}, and {order.Output} would not be what its name says. "
            + $"The job stays. Take it as -o {right}.",
            $"该任务的结果是 {format.MediaType()}，与文件名 {order.Output} 不符。任务仍在；请用 -o {right} 取回。"));
    }

    private static async Task<Exception?> PumpAsync(
        HttpResponseMessage answer, AnswerCheck check, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
            byte[] buffer = new byte[256 * 1024];
            int count;
            while ((count = await stream.ReadAsync(buffer, cancellationToken)) > 0) check.Add(buffer.AsSpan(0, count));
            return null;
        }
        catch (HttpIOException cause)
        {
            return cause;
        }
    }

    /// <returns>Its status, once it ended; null if the events broke off before.</returns>
    private async Task<string?> FollowAsync(LedgerClient client, string id, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await client.OpenAsync(
            PathOf(id) + "/events", "text/event-stream", cancellationToken);
        if (!answer.IsSuccessStatusCode) return null;

        await using Stream stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (SseItem<string> happened in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            if (JsonNode.Parse(happened.Data) is { } job && Note(job) is { } ended) return ended;
        }

        return null;
    }

    /// <returns>Its status if it ended.</returns>
    private string? Note(JsonNode job)
    {
        meter.Set(
            job["bytesRead"]?.GetValue<long>() ?? 0, job["bytes"]?.GetValue<long>(),
            job["rows"]?.GetValue<long>() ?? 0);
        string status = job["status"]!.GetValue<string>();
        return status is "queued" or "running" ? null : status;
    }

    private static bool IsAway(Exception cause) =>
        cause is HttpRequestException or TimeoutException or IOException
        || cause is CliFailure { ExitCode: ExitCodes.Unavailable };

    private string PathOf(string id) => $"{order.Path}/{Uri.EscapeDataString(id)}";
}
