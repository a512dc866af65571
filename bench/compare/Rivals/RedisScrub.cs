using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;

namespace NumberLedger.Bench.Compare;

/// <summary>A scrub as one would build it on Redis: MGET of a few hundred keys at a time, pipelined.</summary>
/// <remarks>
/// One thread reads the file and sends, another reads replies, decides and writes. Keys are the digits. Which blocks
/// are tracked since when, the client knows by itself: that is configuration, and there are only hundreds.
/// </remarks>
internal sealed class RedisScrub(Population population, string socket)
{
    private const int KeysPerCommand = 500;
    private const int BatchesInFlight = 16;
    private const int DigitsMax = 15;
    private const int LineBytesMax = 128;

    private readonly ushort _today = Days.Pack(population.Today);
    private readonly Dictionary<long, ushort> _coveredSince = Enumerable.Range(0, population.Blocks)
        .Select(Population.BlockAt)
        .ToDictionary(block => block.Key, block => Days.Pack(population.TrackedSince(block)));

    public void Load()
    {
        using var pipe = new RedisPipe(socket);
        using var commands = new MemoryStream();
        Span<byte> facts = stackalloc byte[NumberFacts.Size];
        Span<byte> digits = stackalloc byte[DigitsMax];
        const int CommandsPerSend = 1_000;
        for (int i = 0; i < population.Numbers; i++)
        {
            NumberFacts.Of(population.LifeAt(i)).Write(facts);
            Population.DigitsAt(i).TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
            commands.Write("*3\r\n$3\r\nSET\r\n$"u8);
            commands.Write(length == 13 ? "13\r\n"u8 : "11\r\n"u8);
            commands.Write(digits[..length]);
            commands.Write("\r\n$5\r\n"u8);
            commands.Write(facts);
            commands.Write("\r\n"u8);
            if ((i + 1) % CommandsPerSend != 0) continue;

            pipe.Send(commands.GetBuffer().AsSpan(0, (int)commands.Length));
            commands.SetLength(0);
            for (int reply = 0; reply < CommandsPerSend; reply++) pipe.ReadLength('+');
        }
    }

    public void Run(string questions, string answers)
    {
        using var pipe = new RedisPipe(socket);
        using var asked = new BlockingCollection<Batch>(BatchesInFlight);
        using var free = new BlockingCollection<Batch>();
        for (int i = 0; i < BatchesInFlight + 2; i++) free.Add(new Batch());

        var answering = Task.Factory.StartNew(
            () => Answer(pipe, asked, free, answers), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        using (var lines = new LineReader(questions))
        {
            lines.TryRead(out _); // The header.
            Batch batch = free.Take();
            while (lines.TryRead(out ReadOnlySpan<byte> line))
            {
                batch.Add(line);
                if (batch.Count < KeysPerCommand) continue;
                pipe.Send(batch.Command());
                asked.Add(batch);
                batch = free.Take();
            }

            if (batch.Count > 0)
            {
                pipe.Send(batch.Command());
                asked.Add(batch);
            }
        }

        asked.CompleteAdding();
        answering.GetAwaiter().GetResult();
    }

    private void Answer(
        RedisPipe pipe, BlockingCollection<Batch> asked, BlockingCollection<Batch> free, string answers)
    {
        using var file = new FileStream(answers, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] buffer = new byte[KeysPerCommand * LineBytesMax];
        foreach (Batch batch in asked.GetConsumingEnumerable())
        {
            int length = 0;
            int count = pipe.ReadLength('*');
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<byte> line = batch.Line(i);
                line.CopyTo(buffer.AsSpan(length));
                length += line.Length;
                buffer[length++] = (byte)',';
                int size = pipe.ReadLength('$');
                ReadOnlySpan<byte> answer = Decide(line, size < 0 ? default : NumberFacts.Read(pipe.ReadText(size)));
                answer.CopyTo(buffer.AsSpan(length));
                length += answer.Length;
                buffer[length++] = (byte)'\n';
            }

            file.Write(buffer, 0, length);
            batch.Clear();
            free.Add(batch);
        }
    }

    private ReadOnlySpan<byte> Decide(ReadOnlySpan<byte> line, NumberFacts facts)
    {
        if (!Utf8Parser.TryParse(line[1..], out long digits, out int length)) throw new FormatException("No number.");
        ReadOnlySpan<byte> rest = line[(length + 2)..];
        Purposes purpose = rest[0] switch
        {
            (byte)'m' => Purposes.Marketing,
            (byte)'s' => Purposes.Servicing,
            (byte)'c' => Purposes.Collection,
            _ => Purposes.Verification,
        };
        ReadOnlySpan<byte> day = rest[^10..];
        ushort consentedOn = Days.Pack(new DateOnly(
            Digits(day[..4]), Digits(day[5..7]), Digits(day[8..10])));
        var block = new NumberBlock(digits / NumberBlock.NumbersPerBlock);
        ushort coveredSince = _coveredSince.GetValueOrDefault(block.Key);
        return facts.Decide(purpose, consentedOn, coveredSince, _today, Population.AgingDaysMin(block));
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        int value = 0;
        foreach (byte digit in text) value = (value * 10) + digit - '0';
        return value;
    }

    /// <summary>Lines that go into one command, and that command.</summary>
    private sealed class Batch
    {
        private readonly byte[] _lines = new byte[KeysPerCommand * LineBytesMax];
        private readonly int[] _ends = new int[KeysPerCommand];
        private readonly byte[] _command = new byte[64 + (KeysPerCommand * (DigitsMax + 8))];

        public int Count { get; private set; }

        public void Add(ReadOnlySpan<byte> line)
        {
            int start = Count == 0 ? 0 : _ends[Count - 1];
            line.CopyTo(_lines.AsSpan(start));
            _ends[Count++] = start + line.Length;
        }

        public ReadOnlySpan<byte> Line(int index) =>
            _lines.AsSpan((index == 0 ? 0 : _ends[index - 1]).._ends[index]);

        public ReadOnlySpan<byte> Command()
        {
            int length = 0;
            Put($"*{Count + 1}\r\n$4\r\nMGET\r\n");
            for (int i = 0; i < Count; i++)
            {
                ReadOnlySpan<byte> line = Line(i);
                ReadOnlySpan<byte> digits = line[1..line.IndexOf((byte)',')];
                _command[length++] = (byte)'$';
                _command[length++] = (byte)('0' + (digits.Length / 10));
                _command[length++] = (byte)('0' + (digits.Length % 10));
                _command[length++] = (byte)'\r';
                _command[length++] = (byte)'\n';
                digits.CopyTo(_command.AsSpan(length));
                length += digits.Length;
                _command[length++] = (byte)'\r';
                _command[length++] = (byte)'\n';
            }

            return _command.AsSpan(0, length);

            void Put(string text)
            {
                foreach (char c in text) _command[length++] = (byte)c;
            }
        }

        public void Clear() => Count = 0;
    }
}
