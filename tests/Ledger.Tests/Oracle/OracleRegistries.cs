namespace NumberLedger.Ledger.Tests;

/// <summary>
/// "Recycled since this day?", as three existing registries answer it: the rows of the table, top to bottom.
/// </summary>
internal static class OracleRegistries
{
    public enum Row
    {
        NobodyHolds,
        BeforeDisconnect,
        OnDisconnect,
        Aging,
        OnStart,
        AfterStart,
        CoveredNoEvents,
        NotSpokenOf,
    }

    public static Row RowOf(OracleRecord record, DateOnly day)
    {
        OracleTenures tenures = record.Tenures;
        if (tenures.NobodyHolds) return Row.NobodyHolds;
        if (!OracleCoverage.SpeaksAbout(record, day)) return Row.NotSpokenOf;
        if (tenures.Present!.Began is not { } start) return Row.CoveredNoEvents;

        DateOnly disconnect = tenures.Before!.Ended!.Value;
        if (day < disconnect) return Row.BeforeDisconnect;
        if (day == disconnect) return Row.OnDisconnect;
        if (day < start) return Row.Aging;
        return day == start ? Row.OnStart : Row.AfterStart;
    }

    public static FccAnswer Fcc(OracleRecord record, DateOnly day) => RowOf(record, day) switch
    {
        Row.NobodyHolds => day <= record.Tenures.Disconnects[^1] ? FccAnswer.Yes : FccAnswer.No,
        Row.BeforeDisconnect or Row.OnDisconnect => FccAnswer.Yes,
        Row.Aging or Row.OnStart or Row.AfterStart or Row.CoveredNoEvents => FccAnswer.No,
        _ => FccAnswer.NoData,
    };

    public static bool? Camara(OracleRecord record, DateOnly day) => RowOf(record, day) switch
    {
        Row.NobodyHolds or Row.BeforeDisconnect or Row.OnDisconnect or Row.Aging => true,
        Row.OnStart or Row.AfterStart or Row.CoveredNoEvents => false,
        _ => null,
    };

    /// <summary>0 unknown, 1 recycled, 2 not recycled, 3 cancelled.</summary>
    public static int Aliyun(OracleRecord record, DateOnly day) => RowOf(record, day) switch
    {
        Row.NobodyHolds => 3,
        Row.BeforeDisconnect or Row.OnDisconnect or Row.Aging or Row.OnStart => 1,
        Row.AfterStart or Row.CoveredNoEvents => 2,
        _ => 0,
    };
}
