using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace NumberLedger.Api;

/// <summary>On whose behalf a request acts. From its credential, and from nothing else.</summary>
internal sealed record Caller(string Party, PartyRole Role, ImmutableArray<string> Scopes)
{
    public static Caller Of(HttpContext http) => ((CallerIdentity)http.User.Identity!).Caller;
}

/// <summary>What every authentication scheme makes of a good credential.</summary>
internal sealed class CallerIdentity(Caller caller, string scheme)
    : ClaimsIdentity(
        [
            new System.Security.Claims.Claim(PartyClaim, caller.Party),
            .. caller.Scopes.Select(scope => new System.Security.Claims.Claim(ScopeClaim, scope)),
        ],
        scheme, PartyClaim, roleType: null)
{
    public const string PartyClaim = "party";
    public const string ScopeClaim = "scope";

    public Caller Caller => caller;
}
