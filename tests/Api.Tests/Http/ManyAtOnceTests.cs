using System.Security.Cryptography;

namespace NumberLedger.Api.Tests;

/// <summary>What requests share must bear many of them at once: ciphers do not by themselves.</summary>
public class ManyAtOnceTests
{
    private const int Requests = 20_000;

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
}
