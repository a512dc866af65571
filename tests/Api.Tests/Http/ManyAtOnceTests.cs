using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using NumberLedger.Grains;

namespace NumberLedger.Api.Tests;

/// <summary>What requests share must bear many of them at once: ciphers do not by themselves.</summary>
public class ManyAtOnceTests
{
    private const int Requests = 20_000;
    private const int Connections = 2_000;
    private const int RequestsOfOne = 8;

    private static readonly MasterKey Master = new(RandomNumberGenerator.GetBytes(MasterKey.Size));

    [Fact]
    public void Stored_answers_of_many_requests_at_once_open_again()
    {
        var macs = new IdempotencyMacs(Master);

        Parallel.For(0, Requests, i =>
        {
            byte[] body = BitConverter.GetBytes(i);
            UInt128 id = macs.IdOf("acme", $"key {i}");
            Assert.Equal(body, macs.Open(id, macs.Seal(id, body)));
        });
    }

    [Fact]
    public void Cursors_of_many_requests_at_once_read_as_what_they_were_made_from()
    {
        var cursors = new BindingCursors(Master);

        Parallel.For(0, Requests, i =>
        {
            var place = new BlockPlace(new NumberBlock(861_380_000 + i), (ushort)(i % 10_000));
            Assert.True(cursors.TryRead("acme", cursors.Of("acme", place), out BlockPlace read));
            Assert.Equal(place, read);
        });
    }

    [Fact]
    public void Binding_ids_of_many_requests_at_once_find_their_numbers()
    {
        using var ids = new BindingIds(Master);

        Parallel.For(0, Requests, i =>
        {
            Assert.True(new NumberBlock(861_380_000).TryNumberAt((ushort)(i % 10_000), out PhoneNumber number));
            Assert.True(ids.TryFind(ids.Of("acme", number), "acme", out PhoneNumber found));
            Assert.Equal(number, found);
        });
    }

    /// <summary>As over HTTP/2.</summary>
    [Fact]
    public void Requests_of_one_connection_at_once_are_let_in_as_what_each_presents()
    {
        using var gate = new Gate(new Registry());

        for (int i = 0; i < Connections; i++)
        {
            var items = new Dictionary<object, object?>();
            Parallel.For(0, RequestsOfOne, j =>
            {
                string party = Registry.Parties[j % Registry.Parties.Length];
                var http = new DefaultHttpContext();
                http.Features.Set<IConnectionItemsFeature>(new Connection { Items = items! });
                http.Request.Headers.Authorization = "Bearer " + Registry.KeyOf(party).Text;

                ValueTask<Admission> admitted = gate.AdmitAsync(http, Scopes.CheckNumbers);
                Assert.True(admitted.IsCompletedSuccessfully);
                using Admission admission = admitted.Result;
                Assert.Equal(party, admission.Caller?.Party);
            });
            Assert.Single(items);
        }
    }

    private sealed class Connection : IConnectionItemsFeature
    {
        public required IDictionary<object, object?> Items { get; set; }
    }

    private sealed class Registry : IRegistryReader
    {
        public static readonly string[] Parties = ["acme", "other"];

        private readonly RegistryState _state = Parties.Aggregate(
            RegistryState.Start(default),
            (state, party) => state with
            {
                Parties = state.Parties.Add(party, new(party, party, PartyRole.Lender)),
                Keys = state.Keys.Add(
                    KeyOf(party).Id,
                    new(KeyOf(party).Id, party, KeyOf(party).Digest, new([Scopes.CheckNumbers]), default, null)),
            });

        public static AccessKey KeyOf(string party)
        {
            byte[] random = new byte[AccessKey.RandomBytes];
            random[0] = (byte)party[0];
            return AccessKey.Make(random);
        }

        public KnownRegistry Known => new(_state, 0);

        public ValueTask<RegistryState> ReadAsync(CancellationToken cancellationToken) => new(_state);

        public ValueTask<RegistryState> ReadSinceAsync(KnownRegistry known) => new(_state);
    }
}
