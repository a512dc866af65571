using StackExchange.Redis;

namespace NumberLedger.Silo.Tests;

/// <summary>What a silo makes of a table of members that has lost some of what it knew.</summary>
public sealed class MemberTableTests
{
    private const int Joining = 2, Active = 3, Dead = 6;

    [Fact]
    public void A_table_that_went_on_has_forgotten_nobody()
    {
        MemberTable known = Table(4, ("a", Active), ("b", Active));

        Assert.False(known.HasForgotten(known, "a"));
        Assert.False(Table(5, ("a", Active), ("b", Dead)).HasForgotten(known, "a"));
        // Cleaned up, a week after it was found dead.
        Assert.False(Table(5, ("a", Active)).HasForgotten(known, "a"));
    }

    [Fact]
    public void An_older_table_and_one_without_the_silo_that_looks_have_forgotten_members()
    {
        MemberTable known = Table(4, ("a", Active), ("b", Active));

        Assert.True(MemberTable.Of([]).HasForgotten(known, "a"));
        Assert.True(Table(3, ("a", Active), ("b", Active)).HasForgotten(known, "a"));
        Assert.True(Table(9, ("c", Active)).HasForgotten(known, "a"));
        Assert.True(Table(4, ("a", Active), ("b", Joining)).HasForgotten(known, "a"));
    }

    [Fact]
    public void A_silo_that_has_not_joined_yet_is_not_missed() =>
        Assert.False(Table(4, ("b", Active)).HasForgotten(MemberTable.Empty, "a"));

    [Fact]
    public void Written_again_are_those_who_were_forgotten_beside_those_who_came_since_newer_than_either()
    {
        MemberTable merged = Table(4, ("a", Active), ("b", Active)).And(Table(2, ("c", Active)));

        Assert.Equal(5, merged.Version);
        Assert.Equal(["a", "b", "c"], merged.Members.Keys.Order());
        Assert.Equal(10, Table(4, ("a", Active)).And(Table(9, ("c", Active))).Version);
    }

    [Fact]
    public void Whoever_was_found_dead_is_not_called_back_whichever_table_knew()
    {
        MemberTable hung = Table(4, ("a", Active), ("b", Active)), peers = Table(5, ("a", Dead), ("b", Joining));

        Assert.Equal(Table(6, ("a", Dead), ("b", Active)).Members, hung.And(peers).Members);
        Assert.Equal(Table(6, ("a", Dead), ("b", Active)).Members, peers.And(hung).Members);
    }

    [Fact]
    public void It_is_written_as_it_was_read()
    {
        MemberTable table = Table(4, ("a", Active), ("b", Dead));

        MemberTable read = MemberTable.Of(table.ToFields());

        Assert.Equal((true, 4), (read.WasWritten, read.Version));
        Assert.Equal(table.Members, read.Members);
        Assert.False(MemberTable.Of([]).WasWritten);
    }

    private static MemberTable Table(int version, params (string Address, int Status)[] members) =>
        MemberTable.Of(
        [
            new("Version", $"{version}"),
            .. members.Select(one => new HashEntry(one.Address, $$"""{"Status":{{one.Status}},"ProxyPort":30000}""")),
        ]);
}
