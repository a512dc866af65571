using System.Net;
using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>The process and its folder: who may have it, and when it must not be believed.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_process_on_a_folder_is_told_so_and_the_first_goes_on()
    {
        await using LedgerProcess first = LedgerProcess.Serve(_folder.Path);
        using Parties parties = await ServingAsync(first);
        await RefuseAsync(parties, "+8613800000001");

        await using LedgerProcess second = LedgerProcess.Serve(_folder.Path);

        Assert.Null(await second.Address);
        Assert.NotEqual(0, await second.EndAsync());
        Assert.Contains($"'{_folder.Path}' is in use by another process", second.Said, StringComparison.Ordinal);
        Assert.Contains("stop that one, or give this one a folder of its own", second.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Said, StringComparison.Ordinal); // No stack trace.
        await RefuseAsync(parties, "+8613800000002");
        Assert.Equal(HttpStatusCode.OK, await parties.Lender.GetStatusAsync("/health/ready"));
    }

    [Fact]
    public async Task A_folder_behind_its_signed_checkpoint_is_served_degraded_and_no_check_is_answered()
    {
        await RunAsync(parties => RefuseAsync(parties, "+8613800000001"));
        byte[] before = await File.ReadAllBytesAsync(_folder["ledger.db"], TestContext.Current.CancellationToken);
        await RunAsync(parties => RefuseAsync(parties, "+8613800000002"));

        await File.WriteAllBytesAsync(_folder["ledger.db"], before, TestContext.Current.CancellationToken);

        await using LedgerProcess process = LedgerProcess.Serve(_folder.Path);
        using Parties parties = await ServingAsync(process);
        Assert.Equal(HttpStatusCode.OK, await parties.Lender.GetStatusAsync("/health/live"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await parties.Lender.GetStatusAsync("/health/ready"));
        Answer? check = await parties.Lender.TryPostAsync(
            "/v1/checks", new JsonObject { ["number"] = "+8613800000001", ["purpose"] = "marketing" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, check?.Status);
        Answer? refusal = await parties.Operator.TryPostAsync("/v1/opt-outs", RefusalOf("+8613800000003"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal?.Status);
        process.Terminate();
        Assert.Equal(0, await process.EndAsync());
        Assert.Contains("degraded, and not ready. The store may have lost", process.Said, StringComparison.Ordinal);
    }

    private async Task RunAsync(Func<Parties, Task> act)
    {
        await using LedgerProcess process = LedgerProcess.Serve(_folder.Path);
        using Parties parties = await ServingAsync(process);
        await act(parties);
        process.Terminate();
        Assert.Equal(0, await process.EndAsync());
    }

    private async Task<Parties> ServingAsync(LedgerProcess process)
    {
        Uri? address = await process.Address;
        Assert.True(address is not null, $"It does not start: {process.Said}");
        return _folder.PartiesOf(address);
    }

    private static Task<JsonNode> RefuseAsync(Parties parties, string number) =>
        parties.Operator.PostAsync("/v1/opt-outs", RefusalOf(number));

    private static JsonObject RefusalOf(string number) => new() { ["number"] = number, ["scope"] = "everyone" };
}
