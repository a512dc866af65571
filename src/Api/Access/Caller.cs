using System.Collections.Immutable;

namespace NumberLedger.Api;

/// <summary>On whose behalf a request acts. From its credential, and from nothing else.</summary>
internal sealed record Caller(string Party, PartyRole Role, ImmutableArray<string> Scopes);
