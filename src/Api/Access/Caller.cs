using System.Collections.Immutable;

namespace NumberLedger.Api;

/// <summary>On whose behalf a request acts. From its credential, and from nothing else.</summary>
/// <param name="KeyId">Of the key that was presented: what runs for long looks whether it is still live.</param>
internal sealed record Caller(string Party, PartyRole Role, ImmutableArray<string> Scopes, string KeyId);
