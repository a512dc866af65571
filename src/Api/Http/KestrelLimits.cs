using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace NumberLedger.Api;

/// <summary>What the server takes before any of our code sees it.</summary>
public static class KestrelLimits
{
    /// <summary>A key, a correlator, a trace and what proxies add; a request with more is not meant for us.</summary>
    private const int HeadersBytesMax = 16 * 1024;

    /// <summary>Nothing of substance travels in an address; a cursor has under 100 characters.</summary>
    private const int RequestLineBytesMax = 4 * 1024;

    private const int HeadersMax = 64;

    /// <summary>Slower than this for longer than the grace is an attack, or a line on which no batch arrives.</summary>
    internal const double BodyBytesPerSecondMin = 240;

    public static KestrelServerOptions UseLedgerLimits(this KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.AllowSynchronousIO = false;
        KestrelServerLimits limits = options.Limits;
        limits.MaxRequestBodySize = Limits.AnyBodyBytesMax;
        limits.MaxRequestHeadersTotalSize = HeadersBytesMax;
        limits.MaxRequestHeaderCount = HeadersMax;
        limits.MaxRequestLineSize = RequestLineBytesMax;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MinRequestBodyDataRate = new MinDataRate(BodyBytesPerSecondMin, TimeSpan.FromSeconds(5));
        return options;
    }
}
