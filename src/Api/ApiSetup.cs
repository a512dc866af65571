using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace NumberLedger.Api;

/// <summary>
/// The HTTP API. The host brings grains, the registry, sealers, binding ids, master key, store, stores of states
/// and files, and clock.
/// </summary>
public static class ApiSetup
{
    public static IServiceCollection AddLedgerApi(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IdempotencyMacs>();
        services.TryAddSingleton<IdempotentRequests>();
        services.TryAddSingleton<CheckEndpoints>();
        services.TryAddSingleton<CarrierEventEndpoints>();
        services.TryAddSingleton<BindingEndpoints>();
        services.TryAddSingleton<BindingPages>();
        services.TryAddSingleton<BindingCursors>();
        services.TryAddSingleton<OptOutEndpoints>();
        services.TryAddSingleton<PartyEndpoints>();
        services.TryAddSingleton<KeyEndpoints>();
        services.TryAddSingleton<NewKeys>();
        services.TryAddSingleton<RangeEndpoints>();
        services.TryAddSingleton<HistoryEndpoints>();
        services.TryAddSingleton<RecyclingEndpoints>();
        services.TryAddSingleton<TnEndpoints>();
        services.TryAddSingleton<FileSlots>();
        services.TryAddSingleton<FileEndpoints>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IFileWork, ScrubWork>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IFileWork, CarrierFiles>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IFileWork, BindingFiles>());
        services.TryAddSingleton<ImportContext>();
        services.TryAddSingleton<JobFiles>();
        services.TryAddSingleton<JobHolds>();
        services.TryAddSingleton<Jobs>();
        services.TryAddSingleton<JobUploads>();
        services.TryAddSingleton<JobEndpoints>();
        services.TryAddSingleton<BackupEndpoints>();
        services.TryAddSingleton<HealthEndpoints>();
        services.AddRouting();
        services.TryAddSingleton<Gate>();
        services.TryAddSingleton<RequestTraces>();
        services.AddApiDocument();

        // The framework's own lines about requests have their addresses, where a careless client may have put a number.
        services.AddLogging(logging => logging
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            // It opens a scope for every request, which puts the address on our own lines too.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));
        return services;
    }

    /// <summary>Runs jobs, beside the other processes that do.</summary>
    public static IServiceCollection AddLedgerJobs(this IServiceCollection services) =>
        services.AddHostedService<JobRunner>();

    /// <summary>What stands before every endpoint, in this order.</summary>
    public static IApplicationBuilder UseLedgerApi(this IApplicationBuilder app)
    {
        app.ApplicationServices.GetRequiredService<RequestTraces>().Start();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        return app;
    }

    /// <summary>Every endpoint. Comes after <see cref="UseLedgerApi"/>.</summary>
    public static IEndpointRouteBuilder MapLedgerApi(this IEndpointRouteBuilder app)
    {
        var routes = new LedgerRoutes(app);
        CheckEndpoints.Map(routes);
        BindingEndpoints.Map(routes);
        OptOutEndpoints.Map(routes);
        CarrierEventEndpoints.Map(routes);
        HistoryEndpoints.Map(routes);
        PartyEndpoints.Map(routes);
        KeyEndpoints.Map(routes);
        RangeEndpoints.Map(routes);
        RecyclingEndpoints.Map(routes);
        TnEndpoints.Map(routes);
        FileEndpoints.Map(routes);
        JobEndpoints.Map(routes);
        BackupEndpoints.Map(routes);
        HealthEndpoints.Map(routes);
        app.MapApiDocument();
        return app;
    }

    /// <summary>For a process that has no API otherwise. Comes after <see cref="UseLedgerApi"/>.</summary>
    public static IEndpointRouteBuilder MapLedgerHealth(this IEndpointRouteBuilder app)
    {
        HealthEndpoints.Map(new LedgerRoutes(app));
        return app;
    }
}
