using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>Redis comes back without its data, and a process joins before the members are written down again.</summary>
[Collection(Alone.Name)]
public sealed class ForgottenMembersTests
{
    private const int Blocks = 24;

    [Fact]
    public async Task Members_whom_Redis_forgot_and_one_that_joined_an_empty_table_are_one_cluster()
    {
        await using Cluster cluster = await Cluster.StartAsync();
        await cluster.CoverAsync(TextOf(0, 0), TextOf(Blocks - 1, 9_999));
        for (int time = 0; time < 2; time++)
        {
            await cluster.Redis.KillAsync();
            await cluster.KillAsync(time);
            await cluster.Redis.RestartAsync();
            cluster.StartNode(time);
            for (int node = 0; node < cluster.Nodes; node++) await cluster.ReadyAsync(node);
            await RefuseOnEachAsync(cluster, time);
        }
    }

    /// <summary>Each node reaches each block, whoever holds it, and they agree on it.</summary>
    private static async Task RefuseOnEachAsync(Cluster cluster, int offset)
    {
        for (int block = 0; block < Blocks; block++)
        {
            string number = TextOf(block, offset);
            await cluster.Wire.MustAsync(
                block % cluster.Nodes, HttpMethod.Post, "/v1/opt-outs", cluster.Operator, new JsonObject
                {
                    ["number"] = number,
                    ["scope"] = "everyone",
                    ["receivedAt"] = "2025-06-01T10:00:00+08:00",
                });
            var positions = new HashSet<int>();
            for (int node = 0; node < cluster.Nodes; node++)
            {
                JsonNode? said = await cluster.Wire.MustAsync(
                    node, HttpMethod.Post, "/v1/checks", cluster.Lender,
                    new JsonObject { ["number"] = number, ["purpose"] = "marketing" });
                positions.Add(said!["asOf"]!["position"]!.GetValue<int>());
            }

            Assert.True(Assert.Single(positions) > offset);
        }
    }

    private static string TextOf(int block, int offset) => $"+861380{1_000 + block:0000}{offset:0000}";
}
