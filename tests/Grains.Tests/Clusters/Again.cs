namespace NumberLedger.Grains.Tests;

/// <summary>What every client does: as long as the outcome is unknown, it sends the same again.</summary>
internal static class Again
{
    private const int TimesMax = 100;

    public static async Task<T> UntilAnsweredAsync<T>(Func<CommandId, Task<T>> send)
    {
        CommandId command = The.NewCommand();
        for (int time = 1; ; time++)
        {
            try
            {
                return await send(command);
            }
            catch (Exception unknown)
                when (unknown is LedgerUnavailableException or OrleansException && time < TimesMax)
            {
                // It may be recorded. A message is also turned away when its grain goes again and again.
            }
        }
    }
}
