namespace NumberLedger.Cli;

/// <summary>Sends a file and takes its answer, both at the same time.</summary>
internal sealed class FileTransfer(Session session, FileOrder order, FileMeter meter)
{
    private const int BlockBytes = 256 * 1024;

    private readonly Lang _lang = session.Lang;

    /// <summary>The whole file, its answer to where the order says.</summary>
    /// <returns>
    /// What the ledger counted; the answer is whole, verified and in its place, unless it was stopped.
    /// </returns>
    /// <exception cref="CliFailure">The ledger refused it, or the answer is not whole.</exception>
    public async Task<AnswerTrailer> RunAsync(CancellationToken cancellationToken)
    {
        AccessKey key = session.Key.Read();
        await using FileBody body = await order.OpenInputAsync(cancellationToken);
        meter.BytesTotal = body.Length;
        await using FileCall call = await StartAsync(key, body, cancellationToken);
        ScrubQuestion? question = order.Writes ? null : ScrubQuestion.Of(order, session.Server, key);
        using AnswerSink sink = order.Output is null
            ? AnswerSink.StandardOutput() : AnswerSink.ToFile(order.Output, question);
        using var check = new AnswerCheck(order.Out, sink.Write);
        Exception? cutOff = await PumpAsync(call, check, cancellationToken);
        return Conclude(check, sink, cutOff);
    }

    /// <exception cref="CliFailure">The ledger refused it.</exception>
    public async Task<FileCall> StartAsync(AccessKey key, FileBody body, CancellationToken cancellationToken)
    {
        FileCall call = await FileCall.StartAsync(
            order.UrlAt(session.Server, asJob: false), order.Headers(key), body, meter, cancellationToken);
        if (call.Head.IsSuccess) return call;

        await using (call)
        {
            throw Problem.Failure(
                _lang, call.Head.Status, await call.Body.ReadTextAsync(Problem.BytesMax, cancellationToken));
        }
    }

    /// <returns>Why the answer ended before its end; null if it did not.</returns>
    /// <exception cref="InputException">The file could not be read any more.</exception>
    public async Task<Exception?> PumpAsync(FileCall call, AnswerCheck check, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BlockBytes];
        while (true)
        {
            int count;
            try
            {
                count = await call.Body.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception cause) when (cause is IOException or ObjectDisposedException)
            {
                call.ThrowIfInputFailed();
                return cause;
            }

            if (count == 0) return null;

            long before = check.Records;
            check.Add(buffer.AsSpan(0, count));
            if (!order.Writes) meter.AddLines(check.Records - before);
        }
    }

    /// <summary>Puts an answer that is verified into its place, and says of any other that it is not whole.</summary>
    /// <exception cref="CliFailure">It is not whole.</exception>
    public AnswerTrailer Conclude(AnswerCheck check, AnswerSink sink, Exception? cutOff)
    {
        AnswerVerdict verdict = check.Finish(order.CountOfRecords);
        AnswerTrailer trailer = Verified(verdict, sink.Part, cutOff);
        sink.Write(verdict.TrailerLine);
        if (!trailer.StoppedEarly) sink.Complete();
        return trailer;
    }

    /// <exception cref="CliFailure">It is not whole.</exception>
    public AnswerTrailer Verified(AnswerVerdict verdict, string? part, Exception? cutOff)
    {
        string kept = part is null ? "" : _lang.Say($" What came is in {part}.", $"已收到的部分在 {part}。");
        if (verdict.Trailer is not { } trailer)
        {
            string cause = cutOff is null ? "" : NetworkWords.Of(cutOff, _lang);
            string why = cause.Length == 0 ? "" : _lang.Say($" ({cause})", $"（{cause}）");
            throw new CliFailure(ExitCodes.NotVerified, _lang.Say(
                $"The answer was cut off: its last line is not there{why}. Nothing is known of what is missing.{kept}",
                $"回答不完整：缺少最后的结尾行{why}，不知道缺了什么。{kept}"));
        }

        if (verdict.IsSound) return trailer;

        throw new CliFailure(ExitCodes.NotVerified, verdict.DigestFits
            ? _lang.Say(
                $"The answer does not verify: its lines are not as many as its last line says. Do not use it.{kept}",
                $"回答未通过核对：行数与结尾行所说的不符，请勿使用。{kept}")
            : _lang.Say(
                $"The answer does not verify: its digest is not that of its last line. Do not use it.{kept}",
                $"回答未通过核对：摘要与结尾行不符，请勿使用。{kept}"));
    }
}
