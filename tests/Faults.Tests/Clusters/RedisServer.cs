using System.Diagnostics;

namespace NumberLedger.Faults.Tests;

/// <summary>A real Redis that keeps nothing on disk: who forgets all members when it is killed.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/redis-server";
    private const int Port = 6379;

    private readonly string _address;
    private Process _process;

    private RedisServer(string address)
    {
        _address = address;
        _process = Begin();
    }

    public string ConnectionString => $"{_address}:{Port}";

    public static async Task<RedisServer> StartAsync(string address)
    {
        Assert.SkipUnless(File.Exists(Program), "Redis is not installed.");
        var server = new RedisServer(address);
        await server.AnswersAsync();
        return server;
    }

    public async Task RestartAsync()
    {
        _process = Begin();
        await AnswersAsync();
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private Process Begin()
    {
        Process process = Process.Start(new ProcessStartInfo(
            Program,
            ["--bind", _address, "--port", $"{Port}", "--save", "", "--appendonly", "no", "--protected-mode", "no"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private async Task AnswersAsync()
    {
        while (true)
        {
            try
            {
                using var probe = new System.Net.Sockets.TcpClient();
                await probe.ConnectAsync(_address, Port);
                return;
            }
            catch (System.Net.Sockets.SocketException) when (!_process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }
}
