using Spectre.Console;
using Spectre.Console.Rendering;

namespace NumberLedger.Cli;

/// <summary>One line of a terminal, in the place of the one before.</summary>
/// <remarks>
/// The cursor waits at its beginning: so all of the line is after the cursor, also when a terminal that became narrower
/// has broken it, and the next one clears it. The cursor is not hidden: who is killed could not show it again.
/// </remarks>
internal sealed class LiveLine(IAnsiConsole console)
{
    // Over the edge nothing is broken, should the terminal have become narrower this moment (DECAWM).
    private const string Begin = "\r\e[?7l";
    private const string End = "\e[J\e[?7h\r";
    private const string Nothing = "\r\e[J";

    private readonly Lock _turn = new();
    private bool _isShown;

    public void Show(IRenderable line)
    {
        lock (_turn)
        {
            console.Write(new InPlace(line));
            _isShown = true;
        }
    }

    /// <summary>What is written now takes its place; the next line is shown below it.</summary>
    public void Above(Action write)
    {
        lock (_turn)
        {
            Clear();
            write();
        }
    }

    public void Clear()
    {
        lock (_turn)
        {
            if (_isShown) console.Write(new ControlCode(Nothing));
            _isShown = false;
        }
    }

    /// <summary>In one piece: a program that is stopped between two would leave the edge as it is not.</summary>
    private sealed class InPlace(IRenderable line) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            [Segment.Control(Begin), .. line.Render(options, maxWidth), Segment.Control(End)];
    }
}
