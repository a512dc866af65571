using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace NumberLedger.Api;

/// <summary>Who is let in, to what, and how much at once.</summary>
internal static class AccessSetup
{
    /// <summary>Requests of one party at once.</summary>
    public const string PerParty = "per-party";

    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.TryAddSingleton<KnownCallers>();
        // The core only: the rest would make and keep data protection keys that nothing here uses.
        services.AddAuthenticationCore(options => options.DefaultScheme = AccessKeyHandler.SchemeName);
        services.AddWebEncoders();
        new AuthenticationBuilder(services)
            .AddScheme<AuthenticationSchemeOptions, AccessKeyHandler>(AccessKeyHandler.SchemeName, null);
        services.AddAuthorization(options =>
        {
            // Every scope is a policy of the same name.
            foreach (string scope in Scopes.All)
            {
                options.AddPolicy(scope, policy => policy.RequireClaim(CallerIdentity.ScopeClaim, scope));
            }
        });
        services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.AddPolicy(PerParty, http => RateLimitPartition.GetConcurrencyLimiter(
                http.User.Identity?.Name ?? "",
                static _ => new ConcurrencyLimiterOptions { PermitLimit = Limits.InFlightPerPartyMax }));
        });
        return services;
    }
}
