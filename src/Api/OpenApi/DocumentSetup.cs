using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace NumberLedger.Api;

/// <summary>The API's own description, for programs at /openapi/v1.json and for people at /docs.</summary>
internal static class DocumentSetup
{
    public const string DocumentName = "v1";

    public static IServiceCollection AddApiDocument(this IServiceCollection services)
    {
        services.AddOpenApi(DocumentName, options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1);
        return services;
    }

    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi();
        routes.MapScalarApiReference("/docs");
    }
}
