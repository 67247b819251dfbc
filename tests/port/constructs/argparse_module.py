import argparse
parser = argparse.ArgumentParser(description='demo')
parser.add_argument('--lr', type=float, default=0.1, help='rate')
parser.add_argument('--epochs', type=int, default=3)
parser.add_argument('--fast', action='store_true', default=False)
args = parser.parse_args(['--epochs', '5', '--fast'])
print(args.lr, args.epochs, args.fast)
