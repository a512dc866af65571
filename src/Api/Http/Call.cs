using Microsoft.AspNetCore.Http;

namespace NumberLedger.Api;

/// <summary>One request that was let in and found well-formed.</summary>
internal readonly record struct Call(HttpContext Http, Caller Caller, Commands Commands);
