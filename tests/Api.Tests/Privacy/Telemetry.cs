using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace NumberLedger.Api.Tests.Privacy;

/// <summary>Everything that this process tells of itself to whoever listens: spans and measurements, as text.</summary>
internal sealed class Telemetry : IDisposable
{
    /// <summary>The clients of these tests are in this process too, and tell where they go.</summary>
    private const string OfClients = "System.Net";

    private readonly ConcurrentQueue<string> _told = new();
    private readonly ActivityListener _spans;
    private readonly MeterListener _measurements = new();

    public Telemetry()
    {
        _spans = new ActivityListener
        {
            ShouldListenTo = source => !source.Name.Contains(OfClients, StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => _told.Enqueue(TextOf(span)),
        };
        ActivitySource.AddActivityListener(_spans);

        _measurements.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        Measure<byte>();
        Measure<short>();
        Measure<int>();
        Measure<long>();
        Measure<float>();
        Measure<double>();
        Measure<decimal>();
        _measurements.Start();
    }

    public IReadOnlyCollection<string> Told
    {
        get
        {
            _measurements.RecordObservableInstruments();
            return _told;
        }
    }

    public void Dispose()
    {
        _spans.Dispose();
        _measurements.Dispose();
    }

    private void Measure<T>()
        where T : struct =>
        _measurements.SetMeasurementEventCallback<T>((instrument, value, tags, _) =>
            _told.Enqueue($"{instrument.Meter.Name} {instrument.Name} {value} {TextOf(tags.ToArray())}"));

    private static string TextOf(Activity span) => string.Join(
        ' ', span.Source.Name, span.OperationName, span.DisplayName, span.StatusDescription, span.TraceStateString,
        TextOf(span.TagObjects), TextOf(span.Baggage),
        string.Join(' ', span.Events.Select(happened => $"{happened.Name} {TextOf(happened.Tags)}")));

    private static string TextOf<T>(IEnumerable<KeyValuePair<string, T>> tags) =>
        string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}"));
}
