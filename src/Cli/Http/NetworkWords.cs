using System.Net.Sockets;
using System.Security.Authentication;

namespace NumberLedger.Cli;

/// <summary>Why a server was not reached, or its answer ended early: part of a sentence, without a stop.</summary>
internal static class NetworkWords
{
    /// <summary>What is not known here is told as the system has it, in English.</summary>
    public static string Of(Exception cause, Lang lang)
    {
        for (Exception? at = cause; at is not null; at = at.InnerException)
        {
            // The message around it only says to look inside.
            if (at is AuthenticationException)
            {
                string why = (at.InnerException ?? at).Message.TrimEnd('.');
                return lang.Say($"no TLS connection ({why})", $"TLS 连接失败（{why}）");
            }

            if (lang.IsChinese && Chinese(at) is { } told) return told;
        }

        return cause.Message.TrimEnd('.');
    }

    private static string? Chinese(Exception cause) => cause switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "连接被拒绝",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
            "找不到这台主机",
        SocketException { SocketErrorCode: SocketError.NetworkUnreachable or SocketError.HostUnreachable } => "网络不通",
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => "连接中断",
        SocketException { SocketErrorCode: SocketError.TimedOut } or TimeoutException or OperationCanceledException =>
            "超时",
        EndOfStreamException or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => "连接中断",
        _ => null,
    };
}
