namespace NumberLedger.Cli;

/// <summary>Takes a backup, and verifies it on its way to the disk.</summary>
internal sealed class BackupTransfer(Session session, string path, FileMeter meter)
{
    /// <summary>A server that has said nothing for so long is gone.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromMinutes(2);

    private readonly Lang _lang = session.Lang;

    /// <exception cref="CliFailure">The ledger said no, or what came is no backup.</exception>
    public async Task<(BackupHeader Header, long Bytes)> RunAsync(CancellationToken cancellationToken)
    {
        using LedgerClient client = session.Connect();
        using HttpResponseMessage answer = await client.OpenAsync(BackupCommand.Path, null, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw Problem.Failure(
                _lang, (int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
        }

        using var sink = AnswerSink.ToFile(path, isOwnersAlone: true);
        try
        {
            await using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            await using var kept = new Kept(body, sink);
            using BackupReader reader = await BackupReader.OpenAsync(kept, master: null, cancellationToken);
            await FollowAsync(reader, cancellationToken);
            sink.Complete();
            return (reader.Header, reader.BytesRead);
        }
        catch (BrokenBackupException broken)
        {
            sink.Discard();
            throw NoBackup(broken);
        }
        catch
        {
            sink.Discard();
            throw;
        }
    }

    private async Task FollowAsync(BackupReader reader, CancellationToken cancellationToken)
    {
        // By entries: how many bytes will come nobody knows.
        meter.Set(0, reader.Header.Entries, 0);
        await foreach (BackupPart _ in reader.ReadPartsAsync(cancellationToken))
        {
            meter.Set(reader.EntriesRead, reader.Header.Entries, reader.EntriesRead);
        }
    }

    private CliFailure NoBackup(BrokenBackupException broken)
    {
        (string english, string chinese) = broken.Fault switch
        {
            BackupFault.CutOff => (
                "The connection broke, or the server broke it off: then its log says why. Nothing is kept.",
                "连接中断，或服务器中断了备份（原因见其日志）。没有保存任何内容。"),
            BackupFault.LedgerBroken => (
                "It is the ledger that is broken: stop it, and look with fsck. Nothing is kept.",
                "损坏的是账本本身：请停止账本并用 fsck 检查。没有保存任何内容。"),
            _ => ("Nothing is kept. Run it again.", "没有保存任何内容，请再运行一次。"),
        };
        return new CliFailure(
            ExitCodes.NotVerified,
            _lang.Say($"{broken.Message} {english}", $"备份未通过核对。{chinese}（{broken.Message}）"));
    }

    /// <summary>Whatever is read of the answer is written down.</summary>
    private sealed class Kept(Stream answer, AnswerSink sink) : AsyncStream
    {
        public override bool CanRead => true;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = await ReadAnswerAsync(buffer, cancellationToken);
            sink.Write(buffer.Span[..count]);
            return count;
        }

        /// <returns>0 where the answer broke off, too: what is missing shows.</returns>
        private async ValueTask<int> ReadAnswerAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(SilenceMax);
            try
            {
                return await answer.ReadAsync(buffer, patience.Token);
            }
            catch (OperationCanceledException cause) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException("it has fallen silent", cause);
            }
            catch (IOException)
            {
                return 0;
            }
        }
    }
}
