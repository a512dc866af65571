using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// Whatever crosses between silos arrives as it was sent: in one process a message that cannot is never noticed.
/// </summary>
public sealed class WireTests : IDisposable
{
    private static readonly Assembly Contracts = typeof(INumberGrain).Assembly;

    private readonly ServiceProvider _services =
        new ServiceCollection().AddSerializer(serializer => serializer.AddAssembly(Contracts)).BuildServiceProvider();

    public static TheoryData<Type> WireTypes => [.. MessageTypes.Concat(ConvertedTypes).Distinct()];

    private static IEnumerable<Type> MessageTypes =>
        from contract in Contracts.GetTypes()
        where contract.IsInterface && typeof(IGrain).IsAssignableFrom(contract)
        from method in contract.GetMethods()
        from type in method.GetParameters().Select(parameter => parameter.ParameterType).Append(ResultOf(method))
        where type != typeof(CancellationToken) && type != typeof(void)
        from each in new[] { type, type.IsArray ? type.GetElementType()! : type }
        select each;

    private static IEnumerable<Type> ConvertedTypes =>
        from converter in Contracts.GetTypes()
        where !converter.IsAbstract
        from implemented in converter.GetInterfaces()
        where implemented.IsGenericType && implemented.GetGenericTypeDefinition() == typeof(IConverter<,>)
        select implemented.GetGenericArguments()[0];

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(WireTypes))]
    public void Every_message_arrives_as_it_was_sent(Type type)
    {
        foreach (object sent in Samples.VariantsOf(type))
        {
            Assert.Equal(Samples.Describe(sent), Samples.Describe(RoundTrip(sent, type)));
        }
    }

    [Fact]
    public void Every_type_that_is_marked_for_the_wire_is_part_of_some_message()
    {
        IEnumerable<Type> marked = Contracts.GetTypes().Where(type =>
            type.GetCustomAttribute<GenerateSerializerAttribute>() is not null
            && !typeof(Exception).IsAssignableFrom(type)
            && !type.Name.EndsWith("Surrogate", StringComparison.Ordinal));
        var reached = new HashSet<string>();
        foreach (Type type in MessageTypes) Reach(type);

        Assert.Empty(marked.Select(type => type.Name).Except(reached));

        void Reach(Type type)
        {
            type = Nullable.GetUnderlyingType(type) ?? type.GetElementType() ?? type;
            if (type.Assembly != Contracts || !reached.Add(type.Name)) return;
            foreach (PropertyInfo property in type.GetProperties()) Reach(property.PropertyType);
        }
    }

    public static TheoryData<Exception> Exceptions =>
    [
        new LedgerUnavailableException("It went back."), new StoreOutOfReachException("No head in time."),
        new SiloUnreachableException(),
    ];

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void The_exceptions_of_the_grains_keep_their_types_and_their_words(Exception sent)
    {
        Exception received = Assert.IsType<Exception>(RoundTrip(sent, typeof(Exception)), exactMatch: false);

        Assert.IsType(sent.GetType(), received);
        Assert.Equal(sent.Message, received.Message);
    }

    private static Type ResultOf(MethodInfo method) =>
        method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : typeof(void);

    private object? RoundTrip(object value, Type type) => typeof(WireTests)
        .GetMethod(nameof(RoundTripAs), BindingFlags.NonPublic | BindingFlags.Instance)!
        .MakeGenericMethod(type).Invoke(this, [value]);

    private T? RoundTripAs<T>(T value)
    {
        var serializer = _services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(value));
    }
}
