namespace NumberLedger;

/// <summary>The few texts that an answer can be, each put together when it first occurs.</summary>
internal sealed class AnswerTexts(Func<Answer, byte[]> write)
{
    private const int ReasonsBits = 10;
    private const int AdvisoriesBits = 5;

    // Reasons decide the verdict, so they and the advisories are all that tells two answers apart.
    private readonly byte[]?[] _texts = new byte[]?[1 << (ReasonsBits + AdvisoriesBits)];

    /// <summary>Two threads may write the same text at once; either will do.</summary>
    public byte[] Of(in Answer answer)
    {
        int place = (int)answer.Reasons | ((int)answer.Advisories << ReasonsBits);
        return _texts[place] ??= write(answer);
    }
}
