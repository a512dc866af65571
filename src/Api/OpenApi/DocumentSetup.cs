using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace NumberLedger.Api;

/// <summary>The API's own description, for programs at /openapi/v1.json and for people at /docs.</summary>
internal static class DocumentSetup
{
    public const string DocumentName = "v1";

    private const string DocumentPath = "/openapi/v1.json";

    private const string PagesPath = "/docs";

    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>The pages load nothing from elsewhere; should they ever try, the browser refuses.</summary>
    private const string PagesPolicy =
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'";

    public static IServiceCollection AddApiDocument(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, Json.Types);
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        });
        services.AddOpenApi(DocumentName, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = description =>
                description.ActionDescriptor.EndpointMetadata.OfType<Operation>().Any();
            options.AddDocumentTransformer(new DocumentWriter());
            options.AddOperationTransformer(new OperationWriter());
            options.AddSchemaTransformer(new AnswerSchemas());
        });
        services.AddSingleton<ApiDocument>();
        return services;
    }

    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        // Who opens the address in a browser means the pages. To all others it is an address that there is not.
        routes.MapMethods("/", GetAndHead, http =>
        {
            if (IsBrowser(http.Request)) http.Response.Redirect(PagesPath);
            else http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });

        ApiDocument document = routes.ServiceProvider.GetRequiredService<ApiDocument>();
        routes.MapMethods(DocumentPath, GetAndHead, async http =>
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            await http.Response.BodyWriter.WriteAsync(await document.BytesAsync());
        });

        routes.MapGroup("")
            .WithMetadata(new HttpMethodMetadata(GetAndHead))
            .AddEndpointFilter(async (context, next) =>
            {
                context.HttpContext.Response.Headers.ContentSecurityPolicy = PagesPolicy;
                return await next(context);
            })
            .MapScalarApiReference(PagesPath, options => options
                .WithTitle("NumberLedger API")
                .WithOpenApiRoutePattern(DocumentPath)
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .DisableMcp());
    }

    private static bool IsBrowser(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType == "text/html");
}

/// <summary>The document, written once: it does not change while the process runs.</summary>
internal sealed class ApiDocument(IServiceProvider services)
{
    private readonly Lazy<Task<byte[]>> _bytes = new(() => WriteAsync(services));

    public Task<byte[]> BytesAsync() => _bytes.Value;

    private static async Task<byte[]> WriteAsync(IServiceProvider services)
    {
        var provider = services.GetRequiredKeyedService<IOpenApiDocumentProvider>(DocumentSetup.DocumentName);
        OpenApiDocument document = await provider.GetOpenApiDocumentAsync();
        string text = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1);
        return Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n") + "\n");
    }
}
