using System.Diagnostics;

namespace NumberLedger.Cli;

/// <summary>One run of a verb that sends a file: streamed, as a job, or going on with an earlier one.</summary>
/// <param name="AsJob">The server keeps the file, and works on it whether we watch or not.</param>
/// <param name="JobId">A job of an earlier run, to be watched and fetched; null for none.</param>
/// <param name="ContinuePart">Go on after the lines that an earlier run's part file has.</param>
internal sealed record FileRun(
    Session Session, FileOrder Order, string Verb, bool AsJob, string? JobId, bool ContinuePart)
{
    private readonly FileMeter _meter = new() { CountsSentLines = Order.Writes };

    private Lang Words => Session.Lang;

    private string Title => Order.Writes ? Words.Say("import", "导入") : Words.Say("scrub", "核查");

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        AnswerTrailer trailer = AsJob || JobId is not null
            ? await RunJobAsync(cancellationToken)
            : await RunStreamAsync(cancellationToken);
        return new FileReport(Session.Screen, Order).Tell(trailer, clock.Elapsed);
    }

    private async Task<AnswerTrailer> RunStreamAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ShowAsync(Title, ContinuePart
                ? new ScrubContinuation(Session, Order, _meter).RunAsync(cancellationToken)
                : new FileTransfer(Session, Order, _meter).RunAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new CliFailure(ExitCodes.Interrupted, Lang.Join(Words.Say("Interrupted.", "已中断。"), HowToGoOn()));
        }
        catch (CliFailure failure) when (failure.ExitCode == ExitCodes.NotVerified && failure.Code is null)
        {
            throw new CliFailure(failure.ExitCode, Lang.Join(failure.Message, HowToGoOn()));
        }
    }

    private async Task<AnswerTrailer> RunJobAsync(CancellationToken cancellationToken)
    {
        var jobs = new FileJobs(Session, Order, _meter);
        string? id = JobId;
        try
        {
            if (id is null)
            {
                id = await ShowAsync(
                    Words.Say("upload", "上传"), jobs.SubmitAsync(cancellationToken), inBytes: true);
                Session.Screen.Note($"The server keeps the file as {id}.", $"服务器已把文件存为任务 {id}。");
            }

            string status = await ShowAsync(Title, jobs.WatchAsync(id, cancellationToken));
            return status is "finished" or "stopped"
                ? await jobs.FetchAsync(id, cancellationToken)
                : throw new CliFailure(ExitCodes.Failed, Words.Say(
                    $"The job ended without an answer: {status}.", $"任务没有结果：{status}。"), "job-" + status);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new CliFailure(ExitCodes.Interrupted, id is null
                ? Words.Say("Interrupted before all of the file had arrived. Send it again.", "文件还没有传完就中断了，请重新发送。")
                : Words.Say(
                    $"Interrupted. The job goes on in the server. Its answer: numberledger {Verb} --resume {id}",
                    $"已中断，任务仍在服务器上继续。取结果：numberledger {Verb} --resume {id}"));
        }
    }

    private Task<T> ShowAsync<T>(string title, Task<T> work, bool inBytes = false) =>
        new FileProgressView(Session.Screen, title, _meter, Order.Output is null, inBytes).DuringAsync(work);

    private string HowToGoOn()
    {
        if (Order.Writes)
        {
            return Words.Say(
                "Send the same file again: what is recorded is not recorded twice.", "请把同一个文件再发一次：已记录的不会重复记录。");
        }

        bool hasBegun = ContinuePart || _meter.Lines > 0;
        return hasBegun && Order is { Part: { } part, In: FileFormat.Csv, Out: FileFormat.Csv }
            && OutputPath.IsFile(Order.Input)
            ? Words.Say(
                $"To go on from where {part} ends, run it again with --continue.",
                $"要从 {part} 中断处继续，请加上 --continue 再运行一次。")
            : Words.Say("Run it again.", "请再运行一次。");
    }
}
