using System.Text;

namespace NumberLedger.Cli;

/// <summary>
/// Goes on with a scrub that was interrupted: only the lines that its part file does not answer are sent.
/// </summary>
/// <remarks>
/// The ledger's answer to the rest is verified by its own trailer. Both together get a trailer that this program
/// writes, with the counts of both, the digest over all of it, and how many lines were answered before:
/// <c>continued=N</c>.
/// </remarks>
internal sealed class ScrubContinuation(Session session, FileOrder order, FileMeter meter)
{
    public async Task<AnswerTrailer> RunAsync(CancellationToken cancellationToken)
    {
        AccessKey key = session.Key.Read();
        ScrubQuestion question = ScrubQuestion.Of(order, session.Server, key);
        ScrubPart part = await Task.Run(
            () => ScrubPart.Read(order, question, TimeProvider.System.GetUtcNow(), session.Lang), cancellationToken);
        if (part.IsWhole) return Finish(part);

        session.Screen.Note(
            part.Rows == 1 ? "1 line is answered already." : $"{part.Rows:N0} lines are answered already.",
            $"已有 {part.Rows:N0} 行有结果。");
        var transfer = new FileTransfer(session, order, meter);
        await using FileBody body = part.OpenRest(order);
        meter.BytesTotal = body.Length;
        await using FileCall call = await transfer.StartAsync(key, body, cancellationToken);
        using AnswerSink sink = AnswerSink.Continue(order.Output!, part.KeepBytes);
        var header = new HeaderSkipped(part, sink, session.Lang);
        using var check = new AnswerCheck(FileFormat.Csv, header.Write);
        Exception? cutOff = await transfer.PumpAsync(call, check, cancellationToken);

        AnswerVerdict verdict = check.Finish(order.CountOfRecords);
        AnswerTrailer trailer = part.TrailerWith(transfer.Verified(verdict, sink.Part, cutOff));
        sink.Write(Encoding.UTF8.GetBytes(trailer.ToCsv()));
        if (trailer.Stopped is null) sink.Complete();
        return trailer;
    }

    private AnswerTrailer Finish(ScrubPart part)
    {
        string path = AnswerSink.PartOf(order.Output!);
        byte[] line;
        using (FileStream file = File.OpenRead(path))
        {
            file.Seek(part.KeepBytes, SeekOrigin.Begin);
            line = new byte[file.Length - part.KeepBytes];
            file.ReadExactly(line);
        }

        AnswerTrailer trailer = AnswerTrailer.Parse(FileFormat.Csv, line)!;
        AnswerSink.MoveIntoPlace(order.Output!);
        return trailer;
    }

    /// <summary>The answer to the rest, less its header, which must be that of the part.</summary>
    private sealed class HeaderSkipped(ScrubPart part, AnswerSink sink, Lang lang)
    {
        private int _seen;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            int header = Math.Min(part.AnswerHeader.Length - _seen, bytes.Length);
            if (!bytes[..header].SequenceEqual(part.AnswerHeader.AsSpan(_seen, header)))
            {
                throw new CliFailure(ExitCodes.Usage, lang.Say(
                    "The part file was answered with other columns: other options, or another release. Run it without --continue.",
                    "未完成的结果文件的列与这次不同：选项或服务器版本不一样。请去掉 --continue 重新运行。"));
            }

            _seen += header;
            bytes = bytes[header..];
            part.Hash.AppendData(bytes);
            sink.Write(bytes);
        }
    }
}
