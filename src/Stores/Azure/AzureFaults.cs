using System.Text.Json;
using Azure;
using Azure.Identity;
using Polly.Timeout;

namespace NumberLedger.Stores;

/// <summary>What goes wrong with the service, in the words of the port.</summary>
internal static class AzureFaults
{
    /// <summary>
    /// Everything that the service, its library or a network can do. From a write the outcome is unknown.
    /// </summary>
    /// <remarks>The library tells a time that ran out as a cancellation, and several tries as an aggregate.</remarks>
    public static bool IsOne(Exception failed) => failed
        is RequestFailedException or AuthenticationFailedException or OperationCanceledException
            or TimeoutRejectedException or HttpRequestException or IOException or JsonException or FormatException
            or ObjectDisposedException or InvalidOperationException { Source: "Azure.Core" or "Azure.Data.Tables" }
        || (failed is AggregateException several && several.InnerExceptions.All(IsOne));

    /// <summary>Worth to be tried again: not what a setting or a program has wrong.</summary>
    public static bool IsTransient(Exception failed) => failed switch
    {
        RequestFailedException { Status: >= 400 and < 500 and not (408 or 429) } => false,
        AuthenticationFailedException or FormatException or ObjectDisposedException => false,
        _ => IsOne(failed),
    };

    /// <summary>
    /// A row is not as the request needs it: one is there already, or another, or none. Of the last of several tries
    /// this says nothing about the ones before.
    /// </summary>
    public static bool IsRefusal(RequestFailedException failed) => failed
        is { Status: 412 }
        or { Status: 409, ErrorCode: "EntityAlreadyExists" }
        or { Status: 404, ErrorCode: "ResourceNotFound" or "EntityNotFound" };

    /// <remarks>Never the answer's own text: that repeats what was sent.</remarks>
    public static StoreUnavailableException Translate(Exception failed) => new(
        failed switch
        {
            RequestFailedException { Status: not 0 } refused =>
                $"Azure Tables answers {refused.Status} {refused.ErrorCode}.",
            AggregateException several => Translate(several.InnerExceptions[^1]).Message,
            OperationCanceledException => "Azure Tables did not answer in time.",
            TimeoutRejectedException => "Azure Tables did not take an append in time.",
            AuthenticationFailedException => $"Azure gives no credential: {failed.Message}",
            FormatException => failed.Message,
            _ => $"Azure Tables cannot be reached: {failed.Message}",
        },
        failed);
}
