Console.WriteLine("numberledger");
