namespace NumberLedger.Api;

/// <summary>A lender brings its bindings.</summary>
internal sealed class BindingFiles(ImportContext context) : IFileWork
{
    public FileKind Kind => FileKind.BindingFile;

    public Task RunAsync(
        FileOrder order, Stream input, Stream output, FileProgress progress, CancellationToken cancellationToken) =>
        new ImportRun(context, order, progress, cancellationToken)
            .RunAsync(new BindingRows(order.Party), input, output);
}
