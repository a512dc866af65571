using System.Buffers.Binary;

namespace NumberLedger.Grains;

/// <summary>Questions and answers of a lane on their way between silos. Little-endian.</summary>
/// <remarks>
/// <code>
/// questions  i32 count of all | for each block: key i64 | count i32 | count x question
/// question   offset u16 | purposes u8 | consented on u16
/// answers    for each block, in order: position i64 | count x (verdict u8 | reasons u16 | advisories u8 | registry u8)
/// </code>
/// registry: a place in <see cref="RegistryAnswers.Words"/>, plus 1; 0: not asked.
/// </remarks>
internal static class LaneBytes
{
    private const int BlockSize = 8 + 4;
    private const int QuestionSize = 2 + 1 + 2;
    private const int AnswerSize = 1 + 2 + 1 + 1;

    private static readonly string[] Words = [.. RegistryAnswers.Words];

    /// <param name="groups">Of the questions' blocks, those that the lane has.</param>
    public static byte[] PackQuestions(BlockGroups questions, List<int> groups)
    {
        int count = groups.Sum(group => questions.OffsetsOf(group).Length);
        byte[] bytes = new byte[4 + (groups.Count * BlockSize) + (count * QuestionSize)];
        Span<byte> rest = bytes;
        BinaryPrimitives.WriteInt32LittleEndian(rest, count);
        rest = rest[4..];
        foreach (int group in groups)
        {
            ReadOnlySpan<ushort> offsets = questions.OffsetsOf(group);
            ReadOnlySpan<Question> asked = questions.QuestionsOf(group);
            BinaryPrimitives.WriteInt64LittleEndian(rest, questions.Block(group).Key);
            BinaryPrimitives.WriteInt32LittleEndian(rest[8..], offsets.Length);
            rest = rest[BlockSize..];
            for (int i = 0; i < offsets.Length; i++)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(rest, offsets[i]);
                rest[2] = (byte)asked[i].Purpose;
                BinaryPrimitives.WriteUInt16LittleEndian(rest[3..], asked[i].ConsentedOn);
                rest = rest[QuestionSize..];
            }
        }

        return bytes;
    }

    public static BlockGroups UnpackQuestions(ReadOnlySpan<byte> bytes)
    {
        var questions = new BlockGroups();
        questions.Clear(BinaryPrimitives.ReadInt32LittleEndian(bytes));
        for (ReadOnlySpan<byte> rest = bytes[4..]; rest.Length > 0;)
        {
            int count = BinaryPrimitives.ReadInt32LittleEndian(rest[8..]);
            var block = new NumberBlock(BinaryPrimitives.ReadInt64LittleEndian(rest));
            questions.Add(block, count, out Span<ushort> offsets, out Span<Question> asked);
            rest = rest[BlockSize..];
            for (int i = 0; i < count; i++)
            {
                offsets[i] = BinaryPrimitives.ReadUInt16LittleEndian(rest);
                asked[i] = new((Purposes)rest[2], BinaryPrimitives.ReadUInt16LittleEndian(rest[3..]));
                rest = rest[QuestionSize..];
            }
        }

        return questions;
    }

    public static byte[] PackAnswers(BlockGroups questions, BulkAnswers answers, bool ofRegistry)
    {
        byte[] bytes = new byte[(questions.Count * 8) + (questions.Questions * AnswerSize)];
        Span<byte> rest = bytes;
        for (int group = 0; group < questions.Count; group++)
        {
            Range places = questions.Places(group);
            BinaryPrimitives.WriteInt64LittleEndian(rest, answers.Positions[group]);
            rest = rest[8..];
            for (int place = places.Start.Value; place < places.End.Value; place++)
            {
                Answer answer = answers.Verdicts[place];
                rest[0] = (byte)answer.Verdict;
                BinaryPrimitives.WriteUInt16LittleEndian(rest[1..], (ushort)answer.Reasons);
                rest[3] = (byte)answer.Advisories;
                rest[4] = ofRegistry ? PackWord(answers.OfRegistry[place]) : (byte)0;
                rest = rest[AnswerSize..];
            }
        }

        return bytes;
    }

    /// <param name="groups">As they were packed.</param>
    /// <param name="into">Takes the answers at the places of these groups.</param>
    public static void UnpackAnswers(
        ReadOnlySpan<byte> bytes, BlockGroups questions, List<int> groups, bool ofRegistry, BulkAnswers into)
    {
        ReadOnlySpan<byte> rest = bytes;
        foreach (int group in groups)
        {
            Range places = questions.Places(group);
            into.Positions[group] = BinaryPrimitives.ReadInt64LittleEndian(rest);
            rest = rest[8..];
            for (int place = places.Start.Value; place < places.End.Value; place++)
            {
                into.Verdicts[place] = new(
                    (Verdict)rest[0], (Reasons)BinaryPrimitives.ReadUInt16LittleEndian(rest[1..]), (Advisories)rest[3]);
                if (ofRegistry) into.OfRegistry[place] = rest[4] == 0 ? null : Words[rest[4] - 1];
                rest = rest[AnswerSize..];
            }
        }

        // An answer that is missing or left over would belong to another line.
        if (rest.Length > 0) throw new InvalidOperationException("The answers of a lane are not those to its questions.");
    }

    private static byte PackWord(string? word)
    {
        if (word is null) return 0;

        int place = Array.IndexOf(Words, word);
        return place >= 0 ? (byte)(place + 1) : throw new ArgumentException("No such answer.", nameof(word));
    }
}
